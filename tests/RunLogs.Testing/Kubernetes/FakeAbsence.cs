using System.Net;
using System.Net.Sockets;

namespace RunLogs.Testing.Kubernetes;

/// <summary>What stands in for an API server that is away, as a balancer does: takes connections and closes them before they are secure.</summary>
public sealed class FakeAbsence : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly TcpListener _listener;
    private readonly Task _accepting;
    private readonly List<Task> _answers = [];
    private readonly Lock _lock = new();
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _connections;
    private int _now;
    private int _most;

    internal FakeAbsence(int port)
    {
        _listener = new TcpListener(IPAddress.Loopback, port);
        _listener.Start(backlog: 1000);
        _accepting = AcceptAsync();
    }

    /// <summary>How long a connection is held before it is closed.</summary>
    public TimeSpan Latency { get; set; }

    /// <summary>How many connections have come.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>The most there were at once since the start, or since this was asked for last.</summary>
    public int TakeMost()
    {
        lock (_lock)
        {
            var most = _most;
            _most = _now;
            return most;
        }
    }

    /// <summary>Ends when so many connections have come.</summary>
    public async Task ConnectionsAsync(int count)
    {
        while (true)
        {
            Task more;
            lock (_lock)
            {
                if (_connections >= count)
                    return;

                more = _more.Task;
            }

            await more;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        await _accepting;
        await Task.WhenAll(_answers);
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _answers.Add(CloseAsync(await _listener.AcceptTcpClientAsync(_end.Token)));
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private async Task CloseAsync(TcpClient client)
    {
        lock (_lock)
        {
            _connections++;
            _most = Math.Max(_most, ++_now);
            _more.SetResult();
            _more = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        try
        {
            // Its first words, which are not answered.
            await client.GetStream().ReadAtLeastAsync(new byte[4096], 1, throwOnEndOfStream: false, _end.Token);
            await Task.Delay(Latency, TimeProvider.System, _end.Token);
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException)
        {
        }

        lock (_lock)
        {
            _now--;
        }

        client.Dispose();
    }
}
