using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using RunLogs.Connect;
using RunLogs.Host.Api;
using RunLogs.Host.Api.Http;

namespace RunLogs.Host;

/// <summary>Where everything is served.</summary>
internal static class HostRoutes
{
    public static void MapRunLogs(this WebApplication app)
    {
        app.UseRouting();
        app.UseCors();
        app.UseGrpcWeb(new GrpcWebOptions { DefaultEnabled = true });
        app.UseConnect(new ConnectOptions { DefaultEnabled = true });
        app.UseBinaryMetadata();

        app.MapGrpcService<DataProxyService>().WithMetadata(new ConnectDescriptor(DataProxyTail.Descriptor));
        app.MapGrpcService<RunLogsService>().WithMetadata(new ConnectDescriptor(RunLogsTail.Descriptor));
        app.MapGrpcService<LogService>().WithMetadata(new ConnectDescriptor(LogServiceTail.Descriptor));
        app.MapGrpcService<LogContextService>().WithMetadata(new ConnectDescriptor(Protos.V1.LogContextService.Descriptor));
        app.MapGrpcService<BackendService>().WithMetadata(new ConnectDescriptor(Protos.V1.BackendService.Descriptor));
        app.MapGrpcHealthChecksService();
        app.MapGrpcReflectionService();

        app.MapLogs();
        app.MapHealthChecks("/healthz", new HealthCheckOptions { Predicate = _ => false });
        app.MapHealthChecks("/readyz", new HealthCheckOptions { ResponseWriter = Readiness.WriteAsync });
        app.MapPrometheusScrapingEndpoint("/metrics");
    }
}
