using RunLogs.Protos.Flyte.Common;
using RunLogs.Protos.Flyte.Core;
using RunLogs.Protos.V1;

namespace RunLogs.EndToEnd.Tests;

/// <summary>Records of where attempts ran.</summary>
internal static class Contexts
{
    public static LogContextRecord Record(ActionIdentifier action) => new()
    {
        ActionId = action,
        Attempt = 1,
        LogContext = new LogContext
        {
            PrimaryPodName = "pod",
            Pods = { new PodLogContext { Namespace = "flyte", PodName = "pod", PrimaryContainerName = "main", Containers = { new ContainerContext { ContainerName = "main" } } } },
        },
    };

    /// <summary>Nothing is stored, and a good record can be put and deleted.</summary>
    public static async ValueTask AssertEmptyAndAliveAsync(Rig rig)
    {
        var client = new LogContextService.LogContextServiceClient(rig.Host.Channel);
        Assert.Empty((await client.ListLogContextsAsync(new ListLogContextsRequest())).Records);
        var action = Rig.Action("good");
        await client.PutLogContextAsync(new PutLogContextRequest { Record = Record(action) });
        await client.DeleteLogContextAsync(new DeleteLogContextRequest { ActionId = action, Attempt = 1 });
    }
}
