using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using RunLogs.Connect;
using RunLogs.Host.Api;
using RunLogs.Host.Api.Http;
using RunLogs.Host.Settings;

namespace RunLogs.Host;

/// <summary>Where everything is served.</summary>
internal static class HostRoutes
{
    public static void MapRunLogs(this WebApplication app)
    {
        var settings = app.Services.GetRequiredService<IOptions<RunLogsOptions>>().Value;
        app.UseKnownProxies(settings.KnownProxies);
        app.UseRouting();
        app.UseCors();
        app.UseGrpcWeb(new GrpcWebOptions { DefaultEnabled = true });
        app.UseConnect(new ConnectOptions { DefaultEnabled = true });
        CallBody.Use(app);
        app.UseBinaryMetadata();

        app.MapGrpcService<DataProxyService>().WithMetadata(new ConnectDescriptor(DataProxyTail.Descriptor));
        app.MapGrpcService<RunLogsService>().WithMetadata(new ConnectDescriptor(RunLogsTail.Descriptor));
        app.MapGrpcService<ClusterService>().WithMetadata(new ConnectDescriptor(Protos.Flyte.Cluster.ClusterService.Descriptor));
        app.MapGrpcService<LogService>().WithMetadata(new ConnectDescriptor(LogServiceTail.Descriptor));
        if (settings.Contexts.AreOwn)
        {
            app.MapGrpcService<LogContextService>().WithMetadata(new ConnectDescriptor(Protos.V1.LogContextService.Descriptor));
        }

        app.MapGrpcService<BackendService>().WithMetadata(new ConnectDescriptor(Protos.V1.BackendService.Descriptor));
        app.MapGrpcHealthChecksService();
        app.MapGrpcReflectionService();

        app.MapLogs();
        app.MapHealthChecks("/healthz", new HealthCheckOptions { Predicate = _ => false });
        app.MapHealthChecks("/readyz", new HealthCheckOptions { ResponseWriter = Readiness.WriteAsync });
        app.MapPrometheusScrapingEndpoint("/metrics");
    }
}
