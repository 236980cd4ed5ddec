using Google.Rpc;
using Grpc.Core;
using RunLogs.Abstractions;
using RunLogs.Testing;
using RunLogs.Testing.Kubernetes;

namespace RunLogs.EndToEnd.Tests;

/// <summary>A pod's log through the plugins of the published host, over real HTTP/2.</summary>
public sealed class TailLogsTests(Rig rig) : IClassFixture<Rig>
{
    private static readonly LogTimestamp Start = FakeContainer.DefaultStart;

    [Fact]
    public async Task A_running_pods_line_reaches_the_client_before_the_next_one_exists()
    {
        var (run, pod) = await rig.AddRunAsync();
        using var call = Tail.Open(rig.Host, run);

        for (var i = 0; i < 50; i++)
        {
            pod.Container("main").Append($"line {i}");
            Assert.Equal($"line {i}\n", (await call.NextAsync()).Message);
        }

        pod.Container("main").Terminate();
        Assert.Empty(await call.ReadAllAsync());
    }

    [Fact]
    public async Task Headers_come_at_once_although_the_pod_is_silent()
    {
        var (run, _) = await rig.AddRunAsync();
        using var call = Tail.Open(rig.Host, run);

        var headers = await call.ResponseHeadersAsync.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);

        Assert.NotNull(headers);
    }

    [Fact]
    public async Task A_finished_pods_log_comes_whole_with_nanoseconds_and_container()
    {
        var (run, pod) = await rig.AddRunAsync();
        pod.Container("main").Append(new LogTimestamp(1_763_833_424_488_229_601), "one");
        pod.Container("main").Append(new LogTimestamp(1_763_833_424_488_229_602), "two", newLine: false);
        pod.Container("main").Terminate();

        using var call = Tail.Open(rig.Host, run);
        var responses = await call.ResponseStream.ReadAllAsync(TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);

        var lines = responses.SelectMany(response => response.Logs).SelectMany(logs => logs.Lines).ToList();
        Assert.Equal(["one\n", "two"], lines.Select(line => line.Message));
        Assert.Equal([488_229_601, 488_229_602], lines.Select(line => line.Timestamp.Nanos));
        Assert.Equal((pod.Name, "main", "flyte"), responses[0].Logs[0].Container is var container ? (container.KubernetesPodName, container.KubernetesContainerName, container.KubernetesNamespace) : default);
    }

#pragma warning disable CS0612 // Flyte deprecated it; its older clients still call it
    [Fact]
    public async Task The_older_log_service_of_Flyte_gives_the_same_lines()
    {
        var (run, pod) = await rig.AddRunAsync();
        pod.Container("main").Append("one");
        pod.Container("main").Terminate();

        using var call = new Protos.Flyte.Workflow.RunLogsService.RunLogsServiceClient(rig.Host.Channel)
            .TailLogs(new Protos.Flyte.Workflow.TailLogsRequest { ActionId = Rig.Action(run), Attempt = 0 });
        var lines = await call.ResponseStream.ReadAllAsync(TestContext.Current.CancellationToken).SelectMany(response => response.Logs.SelectMany(logs => logs.Lines)).ToListAsync(TestContext.Current.CancellationToken);

        Assert.Equal(["one\n"], lines.Select(line => line.Message));
    }
#pragma warning restore CS0612

    [Fact]
    public async Task A_pod_deleted_before_the_call_is_read_from_the_files_with_the_same_lines()
    {
        var (run, pod) = await rig.AddRunAsync();
        var written = Numbered(500);
        pod.Container("main").Append(written);
        await rig.WriteFilesAsync(pod.Name, written);
        pod.Container("main").Terminate();
        var live = await ReadAsync(run);

        rig.Api.DeletePod(pod);
        var archived = await ReadAsync(run);

        Assert.Equal(500, live.Count);
        Assert.Equal(live, archived);
    }

    [Fact]
    public async Task A_pod_unknown_everywhere_is_NotFound_with_both_verdicts()
    {
        await rig.PutContextAsync("unknown", "unknown-a0-0");
        using var call = Tail.Open(rig.Host, "unknown");

        var failure = await Assert.ThrowsAsync<RpcException>(() => call.ReadAllAsync());

        Assert.Equal(StatusCode.NotFound, failure.StatusCode);
        Assert.StartsWith("pod unknown-a0-0 not found in namespace flyte (Kubernetes); ", failure.Status.Detail, StringComparison.Ordinal);
        var details = Google.Rpc.Status.Parser.ParseFrom(failure.Trailers.GetValueBytes("grpc-status-details-bin")).Details.Select(detail => detail.Unpack<ErrorInfo>()).ToList();
        Assert.Equal(["Kubernetes", "Files"], details.Select(detail => detail.Metadata["backend"]));
        Assert.All(details, detail => Assert.Equal(("runlogs", "NOT_FOUND"), (detail.Domain, detail.Reason)));
    }

    [Fact]
    public async Task An_attempt_nobody_recorded_is_NotFound_in_Flytes_words()
    {
        using var call = Tail.Open(rig.Host, "never-ran", attempt: 3);

        var failure = await Assert.ThrowsAsync<RpcException>(() => call.ReadAllAsync());

        Assert.Equal((StatusCode.NotFound, "no event found for action acme/flytesnacks/development/never-ran/a0 attempt 3"), (failure.StatusCode, failure.Status.Detail));
    }

    [Fact]
    public async Task A_client_that_goes_away_closes_the_upstream_within_a_second()
    {
        var (run, pod) = await rig.AddRunAsync();
        using var gone = new CancellationTokenSource();
        using var call = Tail.Open(rig.Host, run, cancellationToken: gone.Token);
        pod.Container("main").Append("one");
        await call.NextAsync();
        var upstream = rig.Api.Streams.Single(stream => stream.Pod == pod);

        await gone.CancelAsync();

        await upstream.ClosedByClient.WaitAsync(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Three_cuts_under_100_000_lines_lose_and_repeat_nothing()
    {
        var (run, pod) = await rig.AddRunAsync();
        var written = Numbered(100_000);
        using var call = Tail.Open(rig.Host, run);
        var reading = call.ReadAllAsync();
        foreach (var part in written.Chunk(25_000))
        {
            await rig.Api.StreamsOpenAsync(1);
            pod.Container("main").CutNextStreamAfter(200_000);
            pod.Container("main").Append(part);
            foreach (var stream in rig.Api.Streams.Where(stream => stream.Pod == pod))
            {
                stream.Cut();
            }
        }

        pod.Container("main").Terminate();
        var lines = await reading.WaitAsync(TimeSpan.FromSeconds(120), TestContext.Current.CancellationToken);

        Assert.True(rig.Api.Streams.Count(stream => stream.Pod == pod) > 3);
        Assert.Equal(
            written.Select(line => (line.Timestamp.UnixSeconds, line.Timestamp.NanosecondOfSecond, System.Text.Encoding.UTF8.GetString(line.Text.Span) + "\n")),
            lines.Select(line => (line.Timestamp.Seconds, line.Timestamp.Nanos, line.Message)));
    }

    private async Task<List<(Google.Protobuf.WellKnownTypes.Timestamp, string)>> ReadAsync(string run)
    {
        using var call = Tail.Open(rig.Host, run);
        return [.. (await call.ReadAllAsync()).Select(line => (line.Timestamp, line.Message))];
    }

    // Every fourth line has the time of the one before, every seventh its text too.
    private static WrittenLine[] Numbered(int count)
    {
        var lines = new WrittenLine[count];
        for (var i = 0; i < count; i++)
        {
            var time = new LogTimestamp(Start.UnixNanoseconds + (i / 4 * 100_000L));
            var text = i % 7 == 0 && i > 0 ? lines[i - 1].Text : System.Text.Encoding.UTF8.GetBytes($"line {i}");
            lines[i] = new WrittenLine(time, text);
        }

        return lines;
    }
}
