using System.Collections.Concurrent;

namespace RunLogs.Plugins.CloudWatch;

/// <summary>Keeps all tails of a host together within the service's quotas, which hold per account, region and operation.</summary>
/// <remarks>The rates are below the lowest quotas of any region, which nobody can have raised; others use the account too.</remarks>
internal sealed class Governor
{
    private readonly ConcurrentDictionary<(string Account, string Region, string Operation), CallBudget> _budgets = new();

    public CallBudget For(string account, string region, string operation, TimeProvider time) =>
        _budgets.GetOrAdd((account, region, operation), static (key, time) => new CallBudget(RateOf(key.Operation), time), time);

    private static double RateOf(string operation) => operation switch
    {
        "GetLogEvents" => 8,
        _ => 5,
    };
}
