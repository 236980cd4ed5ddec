namespace RunLogs.EndToEnd.Tests;

/// <summary>Two hosts on the same cluster and files, with one cursor key and contexts of their own.</summary>
public sealed class Replicas : IAsyncLifetime
{
    internal Rig Rig { get; private set; } = null!;

    internal HostProcess First => Rig.Host;

    internal HostProcess Second { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Rig = await Rig.StartAsync("RunLogs:CursorKey=a secret that both of the replicas share");
        Second = await Rig.StartHostAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Second.DisposeAsync();
        await Rig.DisposeAsync();
    }

    /// <summary>Adds a run that both know.</summary>
    internal async Task<(string Run, Testing.Kubernetes.FakePod Pod)> AddRunAsync()
    {
        var (run, pod) = await Rig.AddRunAsync();
        await Rig.PutContextAsync(Second, run, pod.Name);
        return (run, pod);
    }
}
