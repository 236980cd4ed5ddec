using System.Threading.RateLimiting;
using Grpc.Core;
using Microsoft.Extensions.Options;
using RunLogs.Host.Settings;

namespace RunLogs.Host.Tailing;

/// <summary>Bounds the open tails of this host, in all and of one caller; nobody waits for a place.</summary>
internal sealed class TailLimiter : IDisposable
{
    private readonly PartitionedRateLimiter<string> _ofCaller;
    private readonly PartitionedRateLimiter<string> _ofAll;
    private readonly PartitionedRateLimiter<string> _places;

    public TailLimiter(IOptions<RunLogsOptions> options)
    {
        var limits = options.Value.Limits;
        _ofCaller = PartitionedRateLimiter.Create<string, string>(caller => RateLimitPartition.GetConcurrencyLimiter(caller, _ => Places(limits.PerCaller)));
        _ofAll = PartitionedRateLimiter.Create<string, string>(_ => RateLimitPartition.GetConcurrencyLimiter("", _ => Places(limits.MaxConcurrentStreams)));
        _places = PartitionedRateLimiter.CreateChained(_ofCaller, _ofAll);
    }

    /// <summary>A place, given back when disposed.</summary>
    public IDisposable Enter(string caller)
    {
        var place = _places.AttemptAcquire(caller);
        if (!place.IsAcquired)
        {
            place.Dispose();
            throw new TailFailedException(StatusCode.ResourceExhausted, "too many concurrent log streams");
        }

        return place;
    }

    // A chain leaves its links, and their timers, to whoever made them.
    public void Dispose()
    {
        _places.Dispose();
        _ofCaller.Dispose();
        _ofAll.Dispose();
    }

    private static ConcurrencyLimiterOptions Places(int count) => new() { PermitLimit = count, QueueLimit = 0 };
}
