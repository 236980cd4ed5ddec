using Grpc.Core;
using Microsoft.Extensions.Options;
using RunLogs.Host.Plugins;
using RunLogs.Host.Settings;
using RunLogs.Protos.V1;

namespace RunLogs.Host.Api;

/// <summary>The log backends of this host, as an operator sees them.</summary>
[BindServiceMethod(typeof(BackendService), nameof(BindService))]
internal sealed class BackendService(PluginCatalog catalog, IOptions<RunLogsOptions> settings) : Protos.V1.BackendService.BackendServiceBase
{
    public static void BindService(ServiceBinderBase binder, Protos.V1.BackendService.BackendServiceBase? service) =>
        Protos.V1.BackendService.BindService(new CheckedRequests(binder), service);

    public override Task<ListBackendsResponse> ListBackends(ListBackendsRequest request, ServerCallContext context)
    {
        var response = new ListBackendsResponse();
        response.Backends.AddRange(catalog.Backends.Select(ToMessage));
        return Task.FromResult(response);
    }

    private Protos.V1.Backend ToMessage(Plugins.Backend backend) => new()
    {
        Name = backend.Name,
        State = backend.State switch
        {
            BackendState.Active => Protos.V1.Backend.Types.State.Active,
            BackendState.Disabled => Protos.V1.Backend.Types.State.Disabled,
            BackendState.NotSupported => Protos.V1.Backend.Types.State.NotSupported,
            BackendState.Draining => Protos.V1.Backend.Types.State.Draining,
            _ => Protos.V1.Backend.Types.State.Malfunctioned,
        },
        Reason = backend.Reason,
        Version = backend.Version?.ToString(3) ?? "",
        AbstractionsVersion = backend.AbstractionsVersion?.ToString(2) ?? "",
        Generation = backend.Generation?.Number ?? 0,
        OpenTails = (uint)backend.OpenTails,
        Required = backend.Required,
        Cluster = string.Equals(backend.Cluster, settings.Value.DefaultCluster, StringComparison.OrdinalIgnoreCase) ? "" : backend.Cluster,
    };
}
