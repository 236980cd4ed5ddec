using RunLogs.Abstractions;

namespace RunLogs.Testing.Stackdriver;

/// <summary>A node of GKE whose agent writes to a <see cref="FakeLoggingService"/>.</summary>
public abstract class StackdriverNode : FakeNode
{
    private readonly Dictionary<string, LogTimestamp?> _starts = [];
    private readonly HashSet<string> _ended = [];
    private FakeLoggingService? _logging;

    // A streamer waits five seconds between two polls, and not for less than its turn among all tails.
    protected override TimeSpan Step => TimeSpan.FromSeconds(1);

    public override bool KnowsSilence => false;

    public override bool KnowsInstances => false;

    public override bool KnowsPodUid => false;

    public override bool KnowsSourceOrder => false;

    public override bool KnowsOpenEnd => false;

    public FakeLoggingService Logging => _logging!;

    public async Task StartAsync() => _logging = await FakeLoggingService.StartAsync(Time);

    public override Task RunAsync(SomeContainer container, params WrittenLine[] lines)
    {
        _starts[Key(container)] = lines.Length > 0 ? lines.Min(line => line.Timestamp) : null;
        return AppendAsync(container, lines);
    }

    public override Task AppendAsync(SomeContainer container, params WrittenLine[] lines)
    {
        Logging.Put(container, lines);
        return Task.CompletedTask;
    }

    public override Task RestartAsync(SomeContainer container, params WrittenLine[] lines) => AppendAsync(container, lines);

    public override Task EndAsync(SomeContainer container)
    {
        _ended.Add(Key(container));
        return Task.CompletedTask;
    }

    /// <summary>The entries stay: an archive outlives its pods.</summary>
    public override Task DeletePodAsync(SomeContainer container) => EndAsync(container);

    public override TailRequest Request(SomeContainer container) => new()
    {
        Cluster = "default",
        Namespace = container.Namespace,
        Pod = container.Pod,
        Container = container.Name,
        ContainerStart = _starts.GetValueOrDefault(Key(container)),
        EndedAt = _ended.Contains(Key(container)) ? LogTimestamp.From(Some.Now - TimeSpan.FromMinutes(10)) : null,
    };

    private static string Key(SomeContainer container) => $"{container.PodUid}/{container.Name}";
}
