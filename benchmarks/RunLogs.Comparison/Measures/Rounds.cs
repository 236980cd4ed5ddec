using RunLogs.Comparison.Rig;

namespace RunLogs.Comparison.Measures;

/// <summary>Takes readings by turns: each round each of them once, in an order of its own; a first round, which warms up, is not counted.</summary>
internal static class Rounds
{
    public static async Task<Dictionary<Reading, List<Cost>>> RunAsync(IReadOnlyList<Reading> readings, int rounds, ProcessFigures host, CancellationToken cancellationToken)
    {
        var costs = readings.ToDictionary(reading => reading, _ => new List<Cost>());
        var (order, random) = (readings.ToArray(), new Random(1));
        for (var round = 0; round <= rounds; round++)
        {
            random.Shuffle(order);
            foreach (var reading in order)
            {
                var cost = await RunAsync(reading, host, cancellationToken);
                if (round > 0)
                {
                    costs[reading].Add(cost);
                }
            }
        }

        return costs;
    }

    private static async Task<Cost> RunAsync(Reading reading, ProcessFigures host, CancellationToken cancellationToken)
    {
        var own = new ProcessFigures(Environment.ProcessId);
        host.ForgetPeak();
        var (began, busy) = (TimeProvider.System.GetTimestamp(), Busy());
        await reading.RunAsync(cancellationToken);
        return new Cost(TimeProvider.System.GetElapsedTime(began), Busy() - busy, host.PeakBytes);

        TimeSpan Busy() => reading.Counted switch
        {
            Counted.Host => host.ProcessorTime,
            Counted.Program => own.ProcessorTimeOfChildren,
            _ => TimeSpan.Zero,
        };
    }
}
