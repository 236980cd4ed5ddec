using System.Collections.Concurrent;
using Google.Protobuf.WellKnownTypes;
using RunLogs.Abstractions;
using RunLogs.Protos.Flyte.Common;
using RunLogs.Protos.Flyte.Core;
using RunLogs.Protos.V1;
using RunLogs.Testing;
using RunLogs.Testing.Kubernetes;

namespace RunLogs.EndToEnd.Tests;

/// <summary>A host, the Kubernetes API it reads and the log files it falls back to.</summary>
public sealed class Rig : IAsyncLifetime
{
    private readonly DirectoryInfo _files = Directory.CreateTempSubdirectory("runlogs-files-");
    private readonly ConcurrentDictionary<string, string> _uids = [];
    private string[] _settings = [];
    private bool _tls;
    private int _pods;

    internal HostProcess Host { get; private set; } = null!;

    internal FakeKubernetesApi Api { get; private set; } = null!;

    internal string FilesRoot => _files.FullName;

    /// <summary>A rig whose host has settings of its own.</summary>
    internal static async Task<Rig> StartAsync(params string[] settings)
    {
        var rig = new Rig { _settings = settings };
        await rig.InitializeAsync();
        return rig;
    }

    /// <summary>A rig whose API is asked over TLS, and HTTP/2.</summary>
    internal static async Task<Rig> StartOverTlsAsync(params string[] settings)
    {
        var rig = new Rig { _settings = settings, _tls = true };
        await rig.InitializeAsync();
        return rig;
    }

    public async ValueTask InitializeAsync()
    {
        Api = await FakeKubernetesApi.StartAsync(_tls);
        Host = await StartHostAsync();
    }

    /// <summary>Starts a host on the same cluster, files and settings, with contexts of its own.</summary>
    internal async Task<HostProcess> StartHostAsync(params string[] more)
    {
        var host = await HostProcess.StartAsync(
        [
            $"RunLogs:Backends:Kubernetes:KubeConfig={Api.KubeConfigPath}",
            $"RunLogs:Backends:Files:Root={FilesRoot}",
            "RunLogs:Archive:QuietPeriod=00:00:00.5",
            "RunLogs:Archive:MinimumAfterEnd=00:00:01",
            "RunLogs:Archive:LagLimit=00:00:03",
            "RunLogs:Retry:BeforeFirstLine=00:00:10",
            .. _settings,
            .. more,
        ]);
        host.PooledPorts.Add(new Uri(Api.Url).Port);
        return host;
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        await Api.DisposeAsync();
        _files.Delete(recursive: true);
    }

    internal static ActionIdentifier Action(string run) => new() { Run = new RunIdentifier { Org = "acme", Project = "flytesnacks", Domain = "development", Name = run }, Name = "a0" };

    /// <summary>Adds a pod with a running container <c>main</c>, and the context of an attempt that ran in it.</summary>
    internal async Task<(string Run, FakePod Pod)> AddRunAsync()
    {
        var run = $"run{Interlocked.Increment(ref _pods)}";
        var pod = Api.AddPod("flyte", $"{run}-a0-0");
        pod.Container("main");
        _uids[pod.Name] = pod.Uid;
        await PutContextAsync(run, pod.Name);
        return (run, pod);
    }

    internal Task PutContextAsync(string run, string pod, DateTimeOffset? ended = null, uint attempt = 1) => PutContextAsync(Host, run, pod, ended, attempt);

    internal static async Task PutContextAsync(HostProcess host, string run, string pod, DateTimeOffset? ended = null, uint attempt = 1, params IEnumerable<string> containers) =>
        await new LogContextService.LogContextServiceClient(host.Channel).PutLogContextAsync(new PutLogContextRequest
        {
            Record = new LogContextRecord
            {
                ActionId = Action(run),
                Attempt = attempt,
                EndTime = ended is { } time ? Timestamp.FromDateTimeOffset(time) : null,
                LogContext = new LogContext
                {
                    PrimaryPodName = pod,
                    Pods = { new PodLogContext { Namespace = "flyte", PodName = pod, PrimaryContainerName = "main", Containers = { containers.Prepend("main").Select(name => new ContainerContext { ContainerName = name }) } } },
                },
            },
        }, deadline: DateTime.MaxValue);

    /// <summary>Writes the lines of a container as a node's agent keeps them.</summary>
    internal async Task WriteFilesAsync(string pod, IEnumerable<WrittenLine> lines)
    {
        var directory = Directory.CreateDirectory(Path.Combine(FilesRoot, $"flyte_{pod}_{_uids.GetValueOrDefault(pod) ?? $"{Guid.NewGuid()}"}", "main"));
        await File.WriteAllBytesAsync(Path.Combine(directory.FullName, "0.log"), CriLog.Encode(lines));
    }
}
