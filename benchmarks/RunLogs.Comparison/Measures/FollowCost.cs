using RunLogs.Comparison.Clients;
using RunLogs.Comparison.Report;
using RunLogs.Comparison.Rig;

namespace RunLogs.Comparison.Measures;

/// <summary>What a number of follows came to within a while.</summary>
/// <param name="P50">The median delay, in microseconds.</param>
/// <param name="P99">That of the slowest hundredth.</param>
/// <param name="Busy">The host's share of one core, in percent.</param>
/// <param name="OpenedWithin">How long it took until each had its first line.</param>
/// <param name="Resident">The host's memory at the end, in bytes.</param>
internal sealed record FollowCost(double P50, double P99, double Busy, TimeSpan OpenedWithin, long Resident)
{
    public static async Task<FollowCost> OfAsync(IEnumerable<string> pods, Func<Follow, CancellationToken, Task> way, ProcessFigures host, TimeSpan window, CancellationToken cancellationToken)
    {
        await using var follows = await Follows.OpenAsync(pods, way, cancellationToken);
        var (began, busy) = (TimeProvider.System.GetTimestamp(), host.ProcessorTime);
        var delays = await follows.TakeAsync(window, cancellationToken);
        var share = (host.ProcessorTime - busy) / TimeProvider.System.GetElapsedTime(began) * 100;
        return new FollowCost(delays.Percentile(50), delays.Percentile(99), share, follows.OpenedWithin, host.ResidentBytes);
    }
}
