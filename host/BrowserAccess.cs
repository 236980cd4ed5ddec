using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.Options;
using RunLogs.Host.Settings;

namespace RunLogs.Host;

/// <summary>Lets the pages of configured origins, Flyte's console for one, call every service with their user's credentials.</summary>
internal static class BrowserAccess
{
    private static readonly string[] Exposed = ["grpc-status", "grpc-message", "grpc-status-details-bin", "runlogs-cursor", "runlogs-closing-bin"];

    public static void AddBrowserAccess(this IServiceCollection services) => services.AddCors()
        .AddOptions<CorsOptions>().Configure<IOptions<RunLogsOptions>>((cors, settings) => cors.AddDefaultPolicy(policy => policy
            .WithOrigins(settings.Value.Cors.Origins.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            .AllowCredentials()
            .WithMethods(HttpMethods.Get, HttpMethods.Post)
            .AllowAnyHeader() // the one with the user's token has a name of each installation's own
            .WithExposedHeaders(Exposed)
            .SetPreflightMaxAge(TimeSpan.FromDays(1))));
}
