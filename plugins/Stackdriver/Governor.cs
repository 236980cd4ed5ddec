using System.Collections.Concurrent;

namespace RunLogs.Plugins.Stackdriver;

/// <summary>Keeps all tails of a host together within the service's quota of reads, which holds per project and minute.</summary>
/// <remarks>The quota is 60 where nobody raised it; with the burst no minute has more than 58.</remarks>
internal sealed class Governor
{
    private const double ReadsPerMinute = 50;
    private const int Burst = 8;
    private static readonly TimeSpan MostJitter = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, CallBudget> _budgets = new();

    public CallBudget For(string project, TimeProvider time) =>
        _budgets.GetOrAdd(project, static (_, time) => new CallBudget(ReadsPerMinute / 60, time, Burst), time);

    /// <summary>The quota is used up: the service counts anew with the next minute.</summary>
    public static void SlowDown(CallBudget budget, TimeProvider time)
    {
        var now = time.GetUtcNow();
        var minute = now.AddTicks(TimeSpan.TicksPerMinute - (now.Ticks % TimeSpan.TicksPerMinute));
        budget.SlowDown(minute + (Random.Shared.NextDouble() * MostJitter));
    }
}
