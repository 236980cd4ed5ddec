using RunLogs.Protos.V1;
using RunLogs.Testing.Kubernetes;

namespace RunLogs.EndToEnd.Tests;

/// <summary>Two hosts that share nothing but the cursor key, the Kubernetes API they read and the files they fall back to.</summary>
public sealed class TwoHosts : IAsyncLifetime
{
    private readonly DirectoryInfo _files = Directory.CreateTempSubdirectory("runlogs-files-");
    private int _runs;

    /// <summary>The longest that an archive may be silent before it counts as drained.</summary>
    internal static TimeSpan QuietPeriod { get; } = TimeSpan.FromSeconds(4);

    internal IReadOnlyList<HostProcess> Hosts { get; private set; } = [];

    internal FakeKubernetesApi Api { get; private set; } = null!;

    internal string FilesRoot => _files.FullName;

    public async ValueTask InitializeAsync()
    {
        Api = await FakeKubernetesApi.StartAsync();
        Hosts = await Task.WhenAll(StartAsync(), StartAsync());
        foreach (var host in Hosts)
        {
            host.PooledPorts.Add(new Uri(Api.Url).Port);
        }
    }

    public async ValueTask DisposeAsync()
    {
        // All at once: what one of them left behind keeps no other alive.
        try
        {
            await Task.WhenAll(Hosts.Select(host => host.DisposeAsync().AsTask()));
        }
        finally
        {
            await Api.DisposeAsync();
        }

        _files.Delete(recursive: true);
    }

    /// <summary>Adds a pod, and to both hosts the context of an attempt that runs in its container <c>main</c>.</summary>
    internal async Task<(string Run, FakePod Pod)> AddRunAsync(params string[] moreContainers)
    {
        var run = $"run{Interlocked.Increment(ref _runs)}";
        var pod = Api.AddPod("flyte", $"{run}-a0-0");
        foreach (var host in Hosts)
        {
            await Rig.PutContextAsync(host, run, pod.Name, containers: moreContainers);
        }

        return (run, pod);
    }

    internal LogService.LogServiceClient LogsOf(int host) => new(Hosts[host].Channel);

    private Task<HostProcess> StartAsync() => HostProcess.StartAsync(
        $"RunLogs:Backends:Kubernetes:KubeConfig={Api.KubeConfigPath}",
        $"RunLogs:Backends:Files:Root={FilesRoot}",
        "RunLogs__CursorKey=the key of these two hosts and long enough",
        $"RunLogs:Archive:QuietPeriod={QuietPeriod}",
        "RunLogs:Archive:MinimumAfterEnd=00:00:05",
        "RunLogs:Archive:LagLimit=00:01:00",
        "RunLogs:Limits:MaxConcurrentStreams=1000",
        "RunLogs:Limits:PerCaller=1000");
}
