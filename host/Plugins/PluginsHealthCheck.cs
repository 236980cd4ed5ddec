using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace RunLogs.Host.Plugins;

/// <summary>Ready when every backend of <c>RunLogs:RequiredBackends</c> is Active on every cluster.</summary>
internal sealed class PluginsHealthCheck(PluginCatalog catalog) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        List<string> faults =
        [
            .. catalog.Backends
                .Where(backend => backend.Required && backend.State != BackendState.Active)
                .Select(backend => $"{backend.Name} on cluster {backend.Cluster} is {backend.State}: {backend.Reason}"),
            .. catalog.MissingRequired.Select(name => $"RunLogs:RequiredBackends names {name}, which no plugin offers."),
        ];
        return Task.FromResult(faults.Count == 0 ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy(string.Join(' ', faults)));
    }
}
