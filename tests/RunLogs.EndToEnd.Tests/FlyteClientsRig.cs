namespace RunLogs.EndToEnd.Tests;

/// <summary>A Flyte beside whose database stands a host that lets the console in, beats fast and gives backends up soon.</summary>
public sealed class FlyteClientsRig : IAsyncLifetime
{
    private int _runs;

    internal FlyteDatabaseRig Flyte { get; private set; } = null!;

    internal Rig Rig => Flyte.Rig;

    internal static Task<FlyteDatabaseRig> StartAsync() => FlyteDatabaseRig.StartAsync(
        $"RunLogs:Cors:Origins={BrowserRig.Origin}", "RunLogs:Heartbeat=00:00:00.3", "RunLogs:Retry:WhileFollowing=00:00:01", "RunLogs:Retry:BeforeFirstLine=00:00:01");

    public async ValueTask InitializeAsync() => Flyte = await StartAsync();

    public ValueTask DisposeAsync() => Flyte.DisposeAsync();

    /// <summary>The name of a run that Flyte has not heard of.</summary>
    internal string NextRun() => $"run{Interlocked.Increment(ref _runs)}";
}
