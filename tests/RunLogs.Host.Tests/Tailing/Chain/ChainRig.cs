using System.Diagnostics.Metrics;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using RunLogs.Abstractions;
using RunLogs.Host.Settings;
using RunLogs.Host.Tailing;

namespace RunLogs.Host.Tests.Tailing;

/// <summary>One log led through a chain of backends, on a clock that runs as fast as it can.</summary>
internal sealed class ChainRig : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly SourceChain _chain;

    public ChainRig(params (string Name, LogSourceKind Kind, Func<TimeProvider, ILogStreamer> Streamer)[] backends)
    {
        Backends = new ListedBackends([.. backends.Select(backend => (backend.Name, backend.Kind, backend.Streamer(Time)))]);
        _chain = new SourceChain(
            Backends, Options.Create(new RunLogsOptions()), new TailTelemetry(_services.GetRequiredService<IMeterFactory>()), Time, NullLogger<SourceChain>.Instance);
    }

    public static DateTimeOffset Start { get; } = Some.Time.ToDateTimeOffset().AddHours(1);

    public FakeTimeProvider Time { get; } = new(Start);

    public ListedBackends Backends { get; }

    public List<string> Lines { get; } = [];

    public List<LogNotice> Notices { get; } = [];

    /// <summary>The backends left and entered, as told.</summary>
    public List<(string? From, string To)> Changes { get; } = [];

    /// <summary>How long it took on its clock.</summary>
    public TimeSpan Elapsed => Time.GetUtcNow() - Start;

    public IEnumerable<LogNoticeKind> Kinds => Notices.Select(notice => notice.Kind);

    public Task<LogOutcome> RunAsync(TailRequest? request = null, SourceSelection sources = SourceSelection.LiveOrPersisted, TimeSpan? atMost = null)
    {
        using var stop = new CancellationTokenSource();
        var channel = new TailChannel(1 << 20);
        var thread = new OneThread();
        var run = thread.Start(() => _chain.RunAsync(request ??= Some.Request(), sources, LinePosition.Before(request), channel, stop.Token));
        while (!run.IsCompleted && Elapsed <= (atMost ?? TimeSpan.FromMinutes(60)))
        {
            // Whatever can happen now happens before the clock moves on.
            thread.RunWhatIsDue(() => Take(channel));
            if (!run.IsCompleted)
            {
                Time.Advance(TimeSpan.FromMilliseconds(250));
            }
        }

        Assert.True(run.IsCompleted || atMost is not null, "It did not come to an end.");
        stop.Cancel();
        Assert.True(SpinWait.SpinUntil(() => !thread.RunWhatIsDue(() => Take(channel)) && run.IsCompleted, TimeSpan.FromSeconds(20)));
        Take(channel);
        Assert.Equal(0, Backends.OpenLeases);
        return run;
    }

    public void Dispose() => _services.Dispose();

    private bool Take(TailChannel channel)
    {
        var any = false;
        while (channel.TryRead(out var item))
        {
            any = true;
            using var taken = item;
            var batch = item.Batch;
            Notices.AddRange(batch.Notices);
            if (batch.Notices.Any(notice => notice.Kind == LogNoticeKind.SourceChanged))
            {
                Changes.Add((item.From, item.Backend));
            }

            foreach (ref readonly var entry in batch.Entries)
            {
                Lines.Add(Encoding.UTF8.GetString(batch.TextOf(entry)));
            }
        }

        return any;
    }
}
