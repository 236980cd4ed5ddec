using Grpc.Core;
using RunLogs.Host.Api;

namespace RunLogs.Host.Tests.Api;

public class CoalescingTests
{
    private readonly Coalescing _coalescing = new();

    [Fact]
    public void What_more_follows_is_held_back_until_64_KiB_are_written()
    {
        Assert.True(IsHeldBack(40_000, flush: false));
        Assert.True(_coalescing.HasUnflushed);
        Assert.False(IsHeldBack(40_000, flush: false));
        Assert.False(_coalescing.HasUnflushed);
        Assert.True(IsHeldBack(40_000, flush: false));
    }

    [Fact]
    public void A_large_response_is_never_held_back() => Assert.False(IsHeldBack(64 * 1024, flush: false));

    [Fact]
    public void Nothing_stays_behind_where_nothing_follows()
    {
        Assert.True(IsHeldBack(100, flush: false));
        Assert.False(IsHeldBack(0, flush: true));
        Assert.False(_coalescing.HasUnflushed);
    }

    private bool IsHeldBack(int size, bool flush) => _coalescing.Of(size, flush).Flags.HasFlag(WriteFlags.BufferHint);
}
