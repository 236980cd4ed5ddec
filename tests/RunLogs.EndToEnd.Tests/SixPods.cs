using System.Text;
using RunLogs.Abstractions;
using RunLogs.Protos.Flyte.Core;
using RunLogs.Protos.V1;
using RunLogs.Testing;
using RunLogs.Testing.Kubernetes;

namespace RunLogs.EndToEnd.Tests;

/// <summary>An attempt that ran in six pods, which wrote in turn.</summary>
internal static class SixPods
{
    private static int _runs;

    public static async Task<(string Run, FakePod[] Pods)> AddAsync(Rig rig, int lines, bool terminate)
    {
        var run = $"six{Interlocked.Increment(ref _runs)}";
        FakePod[] pods = [.. Enumerable.Range(0, 6).Select(i => rig.Api.AddPod("flyte", $"{run}-a0-{i}"))];
        foreach (var (i, pod) in pods.Index())
        {
            pod.Container("main").Append(Lines(i, pod.Name, 0, lines));
            if (terminate)
            {
                pod.Container("main").Terminate();
            }
        }

        await PutAsync(rig.Host, run, Contexts(pods));
        return (run, pods);
    }

    /// <summary>The lines of one of the pods; those of one round have the same time to the second.</summary>
    public static IEnumerable<WrittenLine> Lines(int pod, string name, int from, int count) => Enumerable.Range(from, count).Select(line =>
        new WrittenLine(LogTimestamp.FromUnixSeconds(1_763_000_000).Add(TimeSpan.FromMilliseconds((line * 6) + pod)), Encoding.UTF8.GetBytes($"{name} {line}")));

    public static PodLogContext[] Contexts(IEnumerable<FakePod> pods) =>
        [.. pods.Select(pod => new PodLogContext { Namespace = "flyte", PodName = pod.Name, PrimaryContainerName = "main", Containers = { new ContainerContext { ContainerName = "main" } } })];

    public static async Task PutAsync(HostProcess host, string run, params PodLogContext[] pods) =>
        await new LogContextService.LogContextServiceClient(host.Channel).PutLogContextAsync(new PutLogContextRequest
        {
            Record = new LogContextRecord { ActionId = Rig.Action(run), Attempt = 1, LogContext = new LogContext { PrimaryPodName = pods[0].PodName, Pods = { pods } } },
        });
}
