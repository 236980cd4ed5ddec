using Dapper;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace RunLogs.Host.Contexts;

/// <summary>Ready when the database of the contexts answers.</summary>
internal sealed class ContextsHealthCheck(ContextDatabase database) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken)
    {
        try
        {
            await database.ReadAsync(
                connection => connection.ExecuteScalarAsync<long?>(new CommandDefinition("SELECT sequence FROM log_contexts LIMIT 1", cancellationToken: cancellationToken)), cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (ContextException e)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, e.Message);
        }
    }
}
