using Microsoft.Extensions.Options;
using OpenTelemetry.Metrics;
using RunLogs.Host.Api;
using RunLogs.Host.Contexts;
using RunLogs.Host.Cursors;
using RunLogs.Host.Plugins;
using RunLogs.Host.Settings;
using RunLogs.Host.Tailing;

namespace RunLogs.Host;

/// <summary>What the host is made of.</summary>
internal static class HostServices
{
    // Streams of one connection beyond the default of 100 would wait without a word; the tail limiter answers instead.
    private const int StreamsPerConnection = 5000;

    // What Grpc.AspNetCore takes of a message by default.
    private const int MaxRequestBytes = 4 * 1024 * 1024;

    public static void AddRunLogs(this WebApplicationBuilder builder)
    {
        builder.AddRunLogsSettings();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddHostedService<UnobservedFailures>();
        builder.Services.AddPlugins();
        builder.Services.AddLogContexts();
        AddTailing(builder.Services);
        AddApis(builder.Services);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.Http2.MaxStreamsPerConnection = StreamsPerConnection;
            kestrel.Limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(30);
            kestrel.Limits.MinResponseDataRate = null; // a paused reader of a log is no attack; what waits for it is bounded
        });
    }

    private static void AddTailing(IServiceCollection services)
    {
        services.AddSingleton<TailLimiter>();
        services.AddSingleton<TailTelemetry>();
        services.AddSingleton<SourceChain>();
        services.AddSingleton<TailStreams>();
        services.AddSingleton<Tailer>();
    }

    private static void AddApis(IServiceCollection services)
    {
        services.AddGrpc(grpc =>
        {
            grpc.Interceptors.Add<FailureInterceptor>();
            grpc.CompressionProviders = [new BoundedGzip(MaxRequestBytes)];
        });
        services.AddBrowserAccess();
        services.AddGrpcReflection();
        services.AddGrpcHealthChecks();
        services.AddSingleton(provider => CursorKeys.Of(provider.GetRequiredService<IOptions<RunLogsOptions>>()));
        services.AddSingleton<CursorSeal>();
        services.AddSingleton<TailPlanner>();
        services.AddSingleton<FlyteTail>();
        services.AddOpenTelemetry().WithMetrics(metrics => metrics
            .AddMeter(TailTelemetry.MeterName, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime")
            .AddPrometheusExporter());
    }
}
