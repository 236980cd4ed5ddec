using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace RunLogs.Host.Api.Http;

/// <summary>The body of <c>GET /readyz</c>: one line per check.</summary>
internal static class Readiness
{
    public static Task WriteAsync(HttpContext http, HealthReport report)
    {
        http.Response.ContentType = "text/plain; charset=utf-8";
        var lines = report.Entries.Select(check => $"{check.Key}: {check.Value.Status}{(check.Value.Description is { } why ? $": {why}" : "")}\n");
        return http.Response.WriteAsync(string.Concat(lines), http.RequestAborted);
    }
}
