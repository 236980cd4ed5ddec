using Grpc.Core;

namespace RunLogs.EndToEnd.Tests;

/// <summary>The bound on open tails, on a host of its own.</summary>
public sealed class LimitTests(Rig rig) : IClassFixture<Rig>
{
    [Fact]
    public async Task The_101st_stream_is_refused_at_once_and_the_others_go_on()
    {
        var (run, pod) = await rig.AddRunAsync();
        pod.Container("main").Append("one");
        var open = Enumerable.Range(0, 100).Select(_ => Tail.Open(rig.Host, run)).ToList();
        await Task.WhenAll(open.Select(call => call.NextAsync()));
        using var refused = Tail.Open(rig.Host, run);

        var failure = await Assert.ThrowsAsync<RpcException>(() => refused.ReadAllAsync()).WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);

        Assert.Equal((StatusCode.ResourceExhausted, "too many concurrent log streams"), (failure.StatusCode, failure.Status.Detail));
        pod.Container("main").Append("two");
        Assert.All(await Task.WhenAll(open.Select(call => call.NextAsync())), line => Assert.Equal("two\n", line.Message));
        open.ForEach(call => call.Dispose());
        await rig.Api.StreamsClosedAsync().WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }
}
