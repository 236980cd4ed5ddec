using System.Threading.RateLimiting;
using Grpc.Core;
using Microsoft.Extensions.Options;
using RunLogs.Host.Settings;

namespace RunLogs.Host.Tailing;

/// <summary>Bounds the open tails of this host, in all and of one caller; nobody waits for a place.</summary>
internal sealed class TailLimiter : IAsyncDisposable
{
    private readonly PartitionedRateLimiter<string> _places;

    public TailLimiter(IOptions<RunLogsOptions> options)
    {
        var limits = options.Value.Limits;
        _places = PartitionedRateLimiter.CreateChained(
            PartitionedRateLimiter.Create<string, string>(caller => RateLimitPartition.GetConcurrencyLimiter(caller, _ => Places(limits.PerCaller))),
            PartitionedRateLimiter.Create<string, string>(_ => RateLimitPartition.GetConcurrencyLimiter("", _ => Places(limits.MaxConcurrentStreams))));
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

    public ValueTask DisposeAsync() => _places.DisposeAsync();

    private static ConcurrencyLimiterOptions Places(int count) => new() { PermitLimit = count, QueueLimit = 0 };
}
