using Grpc.Core;

namespace RunLogs.EndToEnd.Tests;

/// <summary>What clients see when an orchestrator ends the host.</summary>
public sealed class StopTests(Rig rig) : IClassFixture<Rig>
{
    [Fact]
    public async Task Open_tails_are_told_to_ask_again_and_the_host_ends_well_within_seconds()
    {
        var (run, pod) = await rig.AddRunAsync();
        pod.Container("main").Append("one");
        using var call = Tail.Open(rig.Host, run);
        await call.NextAsync();
        var (silent, _) = await rig.AddRunAsync();
        using var silentCall = Tail.Open(rig.Host, silent);
        await silentCall.ResponseHeadersAsync;
        using var page = await rig.Host.Http.GetAsync($"/logs/flytesnacks/development/{run}/a0/1?follow=true", HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);

        var exitCode = await rig.Host.TerminateAsync().WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);

        Assert.Equal(0, exitCode);
        foreach (var tail in new[] { call, silentCall })
        {
            var failure = await Assert.ThrowsAsync<RpcException>(() => tail.ReadAllAsync());
            Assert.Equal(StatusCode.Aborted, failure.StatusCode);
            Assert.StartsWith("RunLogs is shutting down: ask again", failure.Status.Detail, StringComparison.Ordinal);
        }

        await Assert.ThrowsAnyAsync<Exception>(() => page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
