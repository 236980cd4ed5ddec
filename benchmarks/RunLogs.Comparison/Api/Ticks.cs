using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace RunLogs.Comparison.Api;

/// <summary>The lines of one reader: each with its number and the moment it was sent, in nanoseconds of the machine's clock.</summary>
internal sealed class Ticks(ILogBody body)
{
    private readonly byte[] _line = new byte[LogText.LineLength];
    private Task _last = Task.CompletedTask;
    private long _next;

    /// <summary>Sends the next line, unless the one before is still on its way.</summary>
    public void Tick()
    {
        if (_last.IsCompleted)
        {
            _last = SendAsync();
        }
    }

    /// <summary>Sends the first line, of a container that writes no other.</summary>
    public Task TickOnceAsync() => SendAsync();

    public Task LastAsync() => _last;

    private async Task SendAsync()
    {
        try
        {
            _line.AsSpan().Fill((byte)'.');
            _line[^1] = (byte)'\n';
            var time = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'00Z'", CultureInfo.InvariantCulture);
            Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{time} {_next} {TimeProvider.System.GetTimestamp()} "), _line);
            _next++;
            await body.SendAsync(_line, CancellationToken.None);
        }
        catch (Exception gone) when (gone is SocketException or IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            // Whoever waits for its going knows.
        }
    }
}
