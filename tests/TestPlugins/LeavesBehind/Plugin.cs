using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;
using RunLogs.Abstractions;

namespace LeavesBehind;

/// <summary>A backend as it should not be: each tail leaves a socket, a thread, timers and an exception that nobody observes.</summary>
public sealed class Plugin : ILogStreamerPlugin, ILogStreamer
{
    private readonly List<Timer> _timers = [];
    private readonly List<TcpListener> _listeners = [];

    public string Name => "LeavesBehind";

    public LogSourceKind Kind => LogSourceKind.Archive;

    public ILogStreamer Create(PluginContext context) => this;

    public async Task<TailEnd> TailLogsAsync(TailRequest request, ChannelWriter<LogBatch> output, CancellationToken cancellationToken)
    {
        _timers.AddRange(Enumerable.Range(0, 10).Select(_ => new Timer(_ => { }, null, TimeSpan.FromHours(1), TimeSpan.FromHours(1))));
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        _listeners.Add(listener);
        new Thread(() => new ManualResetEventSlim().Wait(TimeSpan.FromHours(1))) { Name = "left behind", IsBackground = true }.Start();
        Task.FromException(new InvalidOperationException("nobody looks")).GetHashCode();

        var batch = new LogBatch();
        batch.TryAppend(LogTimestamp.None, Encoding.UTF8.GetBytes($"{((IPEndPoint)listener.LocalEndpoint).Port}"), OutputStream.Stdout, LogOriginator.User, LineEnd.LineFeed);
        await output.WriteAsync(batch, cancellationToken);
        return TailEnd.Complete;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
