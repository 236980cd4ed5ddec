using Google.Protobuf.WellKnownTypes;
using RunLogs.Abstractions;
using RunLogs.Host.Contexts;
using RunLogs.Protos.Flyte.Common;
using RunLogs.Protos.Flyte.Core;
using RunLogs.Protos.V1;

namespace RunLogs.Host.Samples;

/// <summary>Development's sample runs: their logs, their contexts, and the commands that show them.</summary>
internal static class SamplesSetup
{
    // The directory that appsettings.Development.json gives to the backend that reads it.
    private static string Root => Path.Combine(AppContext.BaseDirectory, "data", "samples");

    public static void AddSamples(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton(new SampleTree(Root));
        builder.Services.AddHostedService(services => new SampleWorkload(Root, services.GetRequiredService<TimeProvider>()));
        builder.Services.AddHostedService<SampleCommands>();
    }

    /// <summary>Writes the sample logs and registers their contexts, where samples were added.</summary>
    public static async Task WriteSamplesAsync(this IHost host)
    {
        if (host.Services.GetService<SampleTree>() is { } tree)
        {
            tree.Write();
            var store = host.Services.GetRequiredService<LogContextStore>();
            foreach (var pod in tree.Pods)
            {
                await store.PutAsync(RecordOf(pod), CancellationToken.None);
            }
        }
    }

    private static LogContextRecord RecordOf(SamplePod pod)
    {
        var process = new ContainerContext.Types.ProcessContext { ContainerStartTime = TimestampOf(pod.Start), ContainerEndTime = TimestampOf(pod.End) };
        var context = new PodLogContext { Namespace = pod.Namespace, PodName = pod.Pod, PrimaryContainerName = pod.Containers.First(container => container.IsPrimary).Name };
        foreach (var container in pod.Containers)
        {
            (container.IsInit ? context.InitContainers : context.Containers).Add(new ContainerContext { ContainerName = container.Name, Process = process });
        }

        return new LogContextRecord
        {
            ActionId = new ActionIdentifier { Run = new RunIdentifier { Org = pod.Org, Project = pod.Project, Domain = pod.Domain, Name = pod.Run }, Name = pod.Action },
            Attempt = pod.Attempt,
            StartTime = TimestampOf(pod.Start),
            EndTime = TimestampOf(pod.End),
            LogContext = new LogContext { PrimaryPodName = pod.Pod, Pods = { context } },
            Pods = { new PodDetail { PodName = pod.Pod, Uid = pod.Uid } },
        };
    }

    private static Timestamp? TimestampOf(LogTimestamp? time) => time is { } known ? new Timestamp { Seconds = known.UnixSeconds, Nanos = known.NanosecondOfSecond } : null;
}
