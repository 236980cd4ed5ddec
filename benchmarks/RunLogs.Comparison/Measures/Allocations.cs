using RunLogs.Comparison.Clients;
using RunLogs.Comparison.Rig;

namespace RunLogs.Comparison.Measures;

/// <summary>What a host that is warm allocates for a line, of everything it does.</summary>
internal static class Allocations
{
    private const string Allocated = "dotnet_gc_heap_total_allocated";

    // What waits, and where, is another with every tail.
    private const int Tails = 5;

    /// <returns>Bytes per line, the mean of some tails.</returns>
    public static async Task<double> PerLineAsync(HostServer host, DiscardingClient client, ExpectedLog expected, CancellationToken cancellationToken)
    {
        var asked = await host.MetricAsync(Allocated, cancellationToken);
        var before = await host.MetricAsync(Allocated, cancellationToken);
        for (var i = 0; i < Tails; i++)
        {
            await client.TailAsync(WireProtocol.Grpc, expected, cancellationToken);
        }

        var after = await host.MetricAsync(Allocated, cancellationToken);

        // Asking allocates, too.
        return Math.Max(0, after - before - (before - asked)) / (Tails * expected.Lines);
    }
}
