using RunLogs.Protos.V1;
using RunLogs.Testing.Kubernetes;
using RunLogs.Testing.Seam;

namespace RunLogs.EndToEnd.Tests;

/// <summary>Two hosts that share nothing but the cursor key, the Kubernetes API they read and the archive they fall back to: files, unless it is another's.</summary>
public class TwoHosts : IAsyncLifetime
{
    private readonly DirectoryInfo _files = Directory.CreateTempSubdirectory("runlogs-files-");
    private int _runs;

    /// <summary>The longest that an archive may be silent before it counts as drained.</summary>
    internal static TimeSpan QuietPeriod { get; } = TimeSpan.FromSeconds(4);

    internal IReadOnlyList<HostProcess> Hosts { get; private set; } = [];

    internal FakeKubernetesApi Api { get; private set; } = null!;

    internal string FilesRoot => _files.FullName;

    /// <summary>Whether the archive finds a pod's only container when a request leaves its name out.</summary>
    internal virtual bool FindsOnlyContainer => true;

    /// <summary>Whether the archive gives lines in the order in which they were written, and not in that of their times.</summary>
    internal virtual bool KeepsWrittenOrder => true;

    /// <summary>Ports of an archive to which hosts keep connections for later.</summary>
    private protected virtual int[] ArchivePorts => [];

    /// <summary>Where the archive's lines of a container go.</summary>
    internal virtual ISeamArchive ArchiveOf(FakePod pod, string container) => new FileArchive(FilesRoot, pod, container);

    public virtual async ValueTask InitializeAsync()
    {
        Api = await FakeKubernetesApi.StartAsync();
        var archive = await StartArchiveAsync();
        Hosts = await Task.WhenAll(StartAsync(archive), StartAsync(archive));
        foreach (var host in Hosts)
        {
            host.PooledPorts.Add(new Uri(Api.Url).Port);
            host.PooledPorts.AddRange(ArchivePorts);
        }
    }

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
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

    /// <summary>Starts what the hosts fall back to, and returns their settings for it.</summary>
    private protected virtual Task<string[]> StartArchiveAsync() => Task.FromResult<string[]>([$"RunLogs:Backends:Files:Root={FilesRoot}"]);

    private Task<HostProcess> StartAsync(string[] archive) => HostProcess.StartAsync(
    [
        .. archive,
        $"RunLogs:Backends:Kubernetes:KubeConfig={Api.KubeConfigPath}",
        "RunLogs__CursorKey=the key of these two hosts and long enough",
        $"RunLogs:Archive:QuietPeriod={QuietPeriod}",
        "RunLogs:Archive:MinimumAfterEnd=00:00:05",
        "RunLogs:Archive:LagLimit=00:01:00",
        "RunLogs:Limits:MaxConcurrentStreams=1000",
        "RunLogs:Limits:PerCaller=1000",
    ]);
}
