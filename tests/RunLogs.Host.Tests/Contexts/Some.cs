using Google.Protobuf.WellKnownTypes;
using RunLogs.Protos.Flyte.Common;
using RunLogs.Protos.Flyte.Core;
using RunLogs.Protos.V1;

namespace RunLogs.Host.Tests.Contexts;

/// <summary>Records as a runner would put them.</summary>
internal static class Some
{
    public static ActionIdentifier Action(string org = "acme", string run = "run1", string action = "a0") => new()
    {
        Run = new RunIdentifier { Org = org, Project = "shop", Domain = "development", Name = run },
        Name = action,
    };

    public static LogContextRecord Record(string org = "acme", string run = "run1", string action = "a0", uint attempt = 1) => new()
    {
        ActionId = Action(org, run, action),
        Attempt = attempt,
        LogContext = new LogContext { PrimaryPodName = "run1-a0-0", Pods = { Pod("run1-a0-0") } },
        Cluster = "east",
        StartTime = Time(100),
        EndTime = Time(200),
        Pods =
        {
            new PodDetail
            {
                PodName = "run1-a0-0",
                Uid = "0b54d2f0-5a7d-4f3e-a0f9-3d9f5a3a4b10",
                NodeName = "ip-10-0-0-1.ec2.internal",
                ContainerIds = { ["main"] = "containerd://4f0c9d" },
                Labels = { ["app.kubernetes.io/name"] = "shop" },
            },
        },
    };

    public static PodLogContext Pod(string name) => new()
    {
        Namespace = "flyte",
        PodName = name,
        PrimaryContainerName = "main",
        Containers =
        {
            new ContainerContext
            {
                ContainerName = "main",
                Process = new ContainerContext.Types.ProcessContext { ContainerStartTime = Time(110), ContainerEndTime = Time(190) },
            },
            new ContainerContext { ContainerName = "sidecar" },
        },
        InitContainers = { new ContainerContext { ContainerName = "init" } },
    };

    public static Timestamp Time(long seconds) => new() { Seconds = seconds, Nanos = 5 };
}
