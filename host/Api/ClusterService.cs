using Grpc.Core;
using Microsoft.Extensions.Options;
using RunLogs.Host.Settings;
using RunLogs.Protos.Flyte.Cluster;

namespace RunLogs.Host.Api;

/// <summary>Tells Flyte's clients, which ask before every tail, that logs are here; everything else is at Flyte.</summary>
[BindServiceMethod(typeof(ClusterService), nameof(BindService))]
internal sealed class ClusterService(IOptions<RunLogsOptions> options) : Protos.Flyte.Cluster.ClusterService.ClusterServiceBase
{
    public static void BindService(ServiceBinderBase binder, Protos.Flyte.Cluster.ClusterService.ClusterServiceBase? service) =>
        Protos.Flyte.Cluster.ClusterService.BindService(new CheckedRequests(binder), service);

    public override Task<SelectClusterResponse> SelectCluster(SelectClusterRequest request, ServerCallContext context) => Task.FromResult(request.Operation switch
    {
        SelectClusterRequest.Types.Operation.TailLogs => new SelectClusterResponse { ClusterEndpoint = OwnAddress(context.GetHttpContext().Request), Cluster = options.Value.DefaultCluster },
        _ when options.Value.Flyte.Endpoint is { Length: > 0 } flyte => new SelectClusterResponse { ClusterEndpoint = flyte },
        _ => throw new RpcException(new Status(StatusCode.Unimplemented, $"RunLogs serves logs alone: set {FlyteOptions.EndpointKey} to Flyte's address, or send it only the calls of logs.")),
    });

    // As the client sees us: the console takes nothing but an absolute address.
    private string OwnAddress(HttpRequest request) =>
        options.Value.AdvertisedUrl is { Length: > 0 } advertised ? advertised : $"{request.Scheme}://{request.Host.ToUriComponent()}";
}
