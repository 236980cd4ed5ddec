using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace RunLogs.Host.Contexts;

/// <summary>Ready when contexts can be found.</summary>
internal sealed class ContextsHealthCheck(ILogContextSource contexts) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken)
    {
        try
        {
            await contexts.CheckAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (ContextException e)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, e.Message);
        }
    }
}
