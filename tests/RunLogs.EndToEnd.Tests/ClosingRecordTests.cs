using Grpc.Core;
using RunLogs.Abstractions;
using RunLogs.EndToEnd.Tests.Seam;
using RunLogs.Protos.V1;
using RunLogs.Testing;
using RunLogs.Testing.Kubernetes;
using RunLogs.Testing.Seam;
using static RunLogs.Protos.V1.Closing.Types;

namespace RunLogs.EndToEnd.Tests;

/// <summary>However a stream ends, its closing record says what its client counted, over both services.</summary>
public sealed class ClosingRecordTests(Rig rig) : IClassFixture<Rig>
{
    private const int Lines = 100;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Of_a_container_that_ended()
    {
        var (run, pod) = await StartAsync(rig);

        await EndsAsync(rig, run, () => Do(() => pod.Container("main").Terminate()), StatusCode.OK, EndReason.ContainerEnded, Completeness.Complete);
    }

    [Fact]
    public async Task Of_a_container_that_wrote_nothing()
    {
        var (run, pod) = await rig.AddRunAsync();
        pod.Container("main").Terminate();
        using var call = LogCall.Open(rig.Host, run);

        var closing = await call.ReadToEndAsync();

        Assert.Equal((0UL, EndReason.ContainerEnded, Completeness.Complete), (closing.Lines, closing.EndReason, closing.Completeness));
    }

    [Fact]
    public async Task Of_what_existed_when_nobody_follows()
    {
        var (run, _) = await StartAsync(rig);
        using var call = LogCall.Open(rig.Host, run, with: request => request.Follow = Follow.Never);

        var closing = await call.ReadToEndAsync();

        AssertClosing(closing, Lines, EndReason.AsFarAsAsked, Completeness.Unknown);
    }

    [Fact]
    public async Task Of_a_part_of_a_log_that_ended()
    {
        var (run, pod) = await StartAsync(rig);
        pod.Container("main").Terminate();
        using var tail = LogCall.Open(rig.Host, run, with: request => request.Tail = 10);
        using var filtered = LogCall.Open(rig.Host, run, with: request => request.Contains = "line 1");

        await tail.ReadToEndAsync();
        await filtered.ReadToEndAsync();

        Assert.Equal(10, tail.Lines.Count);
        Assert.Equal(11, filtered.Lines.Count);
    }

    [Fact]
    public async Task Of_a_pod_that_vanished_and_that_no_archive_has()
    {
        await using var lagging = await Rig.StartAsync("RunLogs:Archive:LagLimit=00:00:03");
        var (run, pod) = await StartAsync(lagging);

        await EndsAsync(lagging, run, () => Do(() => lagging.Api.DeletePod(pod)), StatusCode.OK, EndReason.SourceGone, Completeness.Unknown);
    }

    [Fact]
    public async Task Of_a_pod_that_vanished_and_whose_archive_never_catches_up()
    {
        await using var lagging = await Rig.StartAsync("RunLogs:Archive:LagLimit=00:00:03");
        var (run, pod) = await StartAsync(lagging);
        await new FileArchive(lagging.FilesRoot, pod, "main").WriteAsync(Log()[..(Lines / 2)], TestContext.Current.CancellationToken);

        var closing = await EndsAsync(lagging, run, () => Do(() => lagging.Api.DeletePod(pod)), StatusCode.OK, null, null);

        Assert.NotEqual(Completeness.Complete, closing.Completeness);
    }

    [Fact]
    public async Task Of_a_log_whose_lines_were_rotated_away_during_a_cut()
    {
        var (run, pod) = await StartAsync(rig);

        var closing = await EndsAsync(rig, run, () => Do(() =>
        {
            pod.LogAnswer = FakeAnswer.Text(503, "no server");
            rig.Api.Streams.Where(stream => stream.Pod == pod).ToList().ForEach(stream => stream.Cut());
            pod.Container("main").Append(Log().Select(line => line with { Timestamp = line.Timestamp.Add(TimeSpan.FromMinutes(1)) }));
            pod.Container("main").Rotate();
            pod.Container("main").Append("the last one");
            pod.Container("main").Terminate();
            pod.LogAnswer = null;
        }), StatusCode.OK, EndReason.ContainerEnded, Completeness.Truncated);

        Assert.Equal((ulong)Lines + 1, closing.Lines);
    }

    [Fact]
    public async Task Of_a_refusal_after_the_first_line()
    {
        var (run, pod) = await StartAsync(rig);

        await EndsAsync(rig, run, () => Do(() =>
        {
            pod.LogAnswer = pod.StatusAnswer = FakeAnswer.Status(403, "Forbidden", "no");
            rig.Api.Streams.Where(stream => stream.Pod == pod).ToList().ForEach(stream => stream.Cut());
        }), StatusCode.PermissionDenied, EndReason.Failed, Completeness.Unknown);
    }

    [Fact]
    public async Task Of_an_outage_beyond_its_budget()
    {
        await using var impatient = await Rig.StartAsync("RunLogs:Retry:WhileFollowing=00:00:01");
        var (run, pod) = await StartAsync(impatient);

        await EndsAsync(impatient, run, () => Do(() =>
        {
            pod.LogAnswer = pod.StatusAnswer = FakeAnswer.Text(503, "no server");
            impatient.Api.Streams.Where(stream => stream.Pod == pod).ToList().ForEach(stream => stream.Cut());
        }), StatusCode.Unavailable, EndReason.Failed, Completeness.Unknown);
    }

    [Fact]
    public async Task Of_a_host_that_is_shut_down()
    {
        await using var stopping = await Rig.StartAsync();
        var (run, _) = await StartAsync(stopping);

        await EndsAsync(stopping, run, async () => await stopping.Host.SignalAsync("TERM"), StatusCode.Aborted, EndReason.ShuttingDown, Completeness.Unknown);
    }

    [Fact]
    public async Task Of_a_log_whose_backend_was_replaced_in_the_middle()
    {
        using var plugins = new OwnPlugins();
        await using var updated = await Rig.StartAsync(PluginSettings(plugins));
        var (run, pod) = await StartAsync(updated);

        var closing = await EndsAsync(updated, run, async () =>
        {
            // Both tails go on in the next generation when the old one has had its time.
            var reopened = updated.Api.LogRequestsAsync(updated.Api.LogRequests.Count + 2);
            plugins.Replace("Kubernetes");
            await reopened.WaitAsync(Patience, TestContext.Current.CancellationToken);
            pod.Container("main").Append(Log().Select(line => line with { Timestamp = line.Timestamp.Add(TimeSpan.FromSeconds(1)) }));
            pod.Container("main").Terminate();
        }, StatusCode.OK, EndReason.ContainerEnded, Completeness.Complete);

        Assert.Equal((ulong)Lines * 2, closing.Lines);

        // For a minute it waits for the old generation's memory.
        await updated.Host.TerminateAsync();
    }

    [Fact]
    public async Task Of_a_log_whose_backend_was_taken_away()
    {
        using var plugins = new OwnPlugins();
        await using var updated = await Rig.StartAsync(PluginSettings(plugins));
        var (run, _) = await StartAsync(updated);

        var closing = await EndsAsync(updated, run, () => Do(() => plugins.Remove("Kubernetes")), StatusCode.Unavailable, EndReason.Failed, Completeness.Unknown);

        Assert.Equal((ulong)Lines, closing.Lines);
        Assert.Contains("Kubernetes is not active", closing.Reason, StringComparison.Ordinal);
        await updated.Host.TerminateAsync();
    }

    private static string[] PluginSettings(OwnPlugins plugins) =>
        [$"RunLogs:PluginDirectory={plugins.Path}", "RunLogs:Plugins:PollInterval=00:00:00.2", "RunLogs:Plugins:DrainLimit=00:00:01"];

    private static async Task<Closing> EndsAsync(Rig rig, string run, Func<Task> end, StatusCode status, EndReason? reason, Completeness? completeness)
    {
        using var ours = LogCall.Open(rig.Host, run);
        using var flytes = new FlyteCall(rig.Host, run);
        await ours.ReadAsync(Lines);
        await flytes.ReadAsync(Lines);

        await end();
        var codes = (await ours.ReadToStatusAsync(), await flytes.ReadToStatusAsync());

        // Flyte's clients would replay from the start on Unavailable.
        Assert.Equal((status, status == StatusCode.Unavailable ? StatusCode.Aborted : status), codes);
        Assert.Null(ours.Count.Differs(ours.Closing));
        Assert.Null(flytes.Count.Differs(flytes.Closing));
        AssertClosing(ours.Closing!, null, reason, completeness);
        AssertClosing(flytes.Closing!, null, reason, completeness);
        return ours.Closing!;
    }

    private static void AssertClosing(Closing closing, int? lines, EndReason? reason, Completeness? completeness)
    {
        Assert.Equal((ulong?)lines ?? closing.Lines, closing.Lines);
        Assert.Equal((reason ?? closing.EndReason, completeness ?? closing.Completeness), (closing.EndReason, closing.Completeness));
        if (closing.Completeness != Completeness.Complete)
        {
            Sentence.Check(closing.Reason);
        }
    }

    private static async Task<(string Run, FakePod Pod)> StartAsync(Rig rig)
    {
        var (run, pod) = await rig.AddRunAsync();
        pod.Container("main").WaitToStart();
        pod.Container("main").Restart(Some.Start);
        pod.Container("main").Append(Log());
        return (run, pod);
    }

    private static WrittenLine[] Log() => [.. Enumerable.Range(0, Lines).Select(i => Some.Line($"line {i}", Some.Start.Add(TimeSpan.FromMilliseconds(i))))];

    private static Task Do(Action action)
    {
        action();
        return Task.CompletedTask;
    }
}
