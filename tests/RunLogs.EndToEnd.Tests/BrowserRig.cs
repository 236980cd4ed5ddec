namespace RunLogs.EndToEnd.Tests;

/// <summary>A rig whose host lets the console's pages in, and whose heart beats fast.</summary>
public sealed class BrowserRig : IAsyncLifetime
{
    public const string Origin = "https://flyte.example.com";

    internal Rig Rig { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Rig = await Rig.StartAsync($"RunLogs:Cors:Origins={Origin}, http://localhost:3000", "RunLogs:Heartbeat=00:00:00.2");

    public ValueTask DisposeAsync() => Rig.DisposeAsync();
}
