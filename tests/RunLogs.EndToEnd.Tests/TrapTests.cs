using System.Net;
using System.Text.Json;
using Grpc.Core;
using RunLogs.Abstractions;
using RunLogs.EndToEnd.Tests.Seam;
using RunLogs.Protos.V1;
using RunLogs.Testing;
using RunLogs.Testing.Kubernetes;
using RunLogs.Testing.Seam;

namespace RunLogs.EndToEnd.Tests;

/// <summary>Ways in which log services are known to lose, repeat or hide lines, as clients would meet them here.</summary>
/// <remarks>
/// Tests of others that belong to this list: lines that share a time at a resume, <see cref="CursorSeamTests"/>; heartbeats of a silent
/// pod, <see cref="LineTests"/> and <see cref="LivePageTests"/>; a client that goes away, <see cref="TailLogsTests"/>; slow clients,
/// <see cref="SlowClientTests"/>; failures after the first line, <see cref="RefusalTests"/>; a follow that goes mute, the Kubernetes backend's SilenceTests.
/// </remarks>
public sealed class TrapTests(Rig rig) : IClassFixture<Rig>
{
    private static readonly string[] SixContainers = ["main", "c1", "c2", "c3", "c4", "c5"];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task The_kubelets_error_text_in_a_success_is_no_log_and_the_archive_is_asked()
    {
        var (run, pod) = await rig.AddRunAsync();
        WrittenLine[] written = [Some.Line("one"), Some.Line("two")];
        pod.Container("main").Append(written);
        pod.Container("main").Terminate();
        pod.Container("main").Collect();
        await new FileArchive(rig.FilesRoot, pod, "main").WriteAsync(written, TestContext.Current.CancellationToken);

        using var call = LogCall.Open(rig.Host, run);
        var closing = await call.ReadToEndAsync();

        Assert.Equal(["one", "two"], call.Texts);
        Assert.Equal("Files", Assert.Single(closing.Sources).Backend);
    }

    [Fact]
    public async Task An_evicted_pod_is_still_seen_but_its_log_goes_on_in_the_archive()
    {
        var (run, pod) = await rig.AddRunAsync();
        WrittenLine[] written = [.. Enumerable.Range(0, 4).Select(i => Some.Line($"line {i}", FakeContainer.DefaultStart.Add(TimeSpan.FromMilliseconds(i))))];
        pod.Container("main").Append(written[..2]);
        using var call = LogCall.Open(rig.Host, run);
        await call.ReadAsync(2);

        // The kubelet ends the containers and removes them with their logs; the agent had read all of it.
        (pod.Phase, pod.Reason) = ("Failed", "Evicted");
        pod.Container("main").Collect();
        pod.Container("main").Terminate(137);
        await new FileArchive(rig.FilesRoot, pod, "main").WriteAsync(written, TestContext.Current.CancellationToken);
        var closing = await call.ReadToEndAsync();

        Assert.Equal(["line 0", "line 1", "line 2", "line 3"], call.Texts);
        Assert.Equal([("Kubernetes", 2UL), ("Files", 2UL)], closing.Sources.Select(source => (source.Backend, source.Lines)));
    }

    [Fact]
    public async Task The_archives_not_found_does_not_hide_that_the_cluster_refused()
    {
        var (run, pod) = await rig.AddRunAsync();
        pod.LogAnswer = pod.StatusAnswer = FakeAnswer.Status(403, "Forbidden", "no");

        using var page = await rig.Host.Http.GetAsync(Page(run), TestContext.Current.CancellationToken);
        var body = JsonDocument.Parse(await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement;

        Assert.Equal(HttpStatusCode.Forbidden, page.StatusCode);
        Assert.Equal(
            [("Kubernetes", "FORBIDDEN"), ("Files", "NOT_FOUND")],
            body.GetProperty("backends").EnumerateArray().Select(backend => (backend.GetProperty("backend").GetString()!, backend.GetProperty("reason").GetString()!)));
    }

    [Fact]
    public async Task A_missing_pod_is_404_and_an_empty_log_is_a_success()
    {
        await rig.PutContextAsync("missing", "missing-a0-0");
        var (empty, pod) = await rig.AddRunAsync();
        pod.Container("main").Terminate();

        using var missing = await rig.Host.Http.GetAsync(Page("missing"), TestContext.Current.CancellationToken);
        using var nothing = await rig.Host.Http.GetAsync(Page(empty), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        Assert.Equal((HttpStatusCode.OK, ""), (nothing.StatusCode, await nothing.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)));
    }

    [Fact]
    public async Task A_read_that_fails_never_looks_like_a_log_without_lines()
    {
        await using var impatient = await Rig.StartAsync("RunLogs:Retry:BeforeFirstLine=00:00:01");
        var (run, pod) = await impatient.AddRunAsync();
        pod.LogAnswer = FakeAnswer.Text(503, "no server");
        using var call = LogCall.Open(impatient.Host, run);

        var failure = await Assert.ThrowsAsync<RpcException>(call.ReadToEndAsync);

        Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
        Sentence.Check(failure.Status.Detail);
    }

    [Fact]
    public async Task Lines_of_the_second_at_which_a_stream_broke_off_are_neither_lost_nor_repeated()
    {
        var (run, pod) = await rig.AddRunAsync();
        // The API takes whole seconds only: each reopening sends all of these again.
        var written = Enumerable.Range(0, 1000).Select(i => Some.Line($"text {i % 10}", Some.Time("2026-11-22T17:53:44Z").Add(TimeSpan.FromMicroseconds(i * 700)))).ToArray();
        using var call = LogCall.Open(rig.Host, run);

        for (var part = 0; part < 10; part++)
        {
            pod.Container("main").Append(written[(part * 100)..((part + 1) * 100)]);
            await call.ReadAsync((part + 1) * 100);
            rig.Api.Streams.Where(stream => stream.Pod == pod).ToList().ForEach(stream => stream.Cut());
        }

        pod.Container("main").Terminate();
        await call.ReadToEndAsync();

        Assert.Equal(Enumerable.Range(0, 1000).Select(i => $"text {i % 10}"), call.Texts);
    }

    [Fact]
    public async Task A_silent_stream_that_the_kubelet_ends_after_hours_is_reopened_and_its_client_stays()
    {
        var (run, pod) = await rig.AddRunAsync();
        pod.Container("main").Append("one");
        using var call = LogCall.Open(rig.Host, run);
        await call.ReadAsync(1);

        rig.Api.Streams.Single(stream => stream.Pod == pod).End();
        pod.Container("main").Append("two");
        await call.ReadAsync(2);
        pod.Container("main").Terminate();
        var closing = await call.ReadToEndAsync();

        Assert.Equal(["one", "two"], call.Texts);
        Assert.Equal(Closing.Types.Completeness.Complete, closing.Completeness);
    }

    [Fact]
    public async Task A_silent_tail_of_the_log_service_beats()
    {
        await using var beating = await Rig.StartAsync("RunLogs:Heartbeat=00:00:01");
        var (run, _) = await beating.AddRunAsync();
        using var call = LogCall.Open(beating.Host, run);

        for (var i = 0; i < 3; i++)
        {
            var response = await call.ReadAsync(_ => true);
            Assert.Empty(response.Logs);
            Assert.Null(response.Closing);
        }
    }

    [Fact]
    public async Task A_merged_tails_client_that_goes_away_closes_every_upstream_of_silent_containers()
    {
        var (run, pod) = await StartSixAsync();
        using (var call = LogCall.Open(rig.Host, run, with: request => request.Containers.Add(SixContainers)))
        {
            await call.ReadAsync(6);
            Assert.Equal(6, StreamsOf(pod).Count(stream => stream.IsOpen));
        }

        await Task.WhenAll(StreamsOf(pod).Select(stream => stream.ClosedByClient)).WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.DoesNotContain(StreamsOf(pod), stream => stream.IsOpen);
    }

    [Fact]
    public async Task A_merged_tail_one_of_whose_logs_fails_goes_on_and_leaves_nothing_open()
    {
        var (run, pod) = await StartSixAsync();
        using var call = LogCall.Open(rig.Host, run, with: request => request.Containers.Add(SixContainers));
        await call.ReadAsync(6);

        pod.LogAnswer = pod.StatusAnswer = FakeAnswer.Status(403, "Forbidden", "no");
        StreamsOf(pod)[0].Cut();
        await call.ReadAsync(response => response.Notices.Any(notice => notice.Kind == Notice.Types.Kind.SourceFailed));
        SixContainers.ToList().ForEach(name => pod.Container(name).Append("more"));
        await call.ReadAsync(11);
        call.Dispose();

        await Task.WhenAll(StreamsOf(pod).Skip(1).Select(stream => stream.ClosedByClient)).WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Equal(5, call.Texts.Count(text => text == "more"));
    }

    [Fact]
    public async Task A_resumed_tail_asks_for_what_is_new_and_not_for_the_whole_log_again()
    {
        var (run, pod) = await StartSixAsync();
        using var first = LogCall.Open(rig.Host, run, with: request => request.Containers.Add(SixContainers));
        await first.ReadAsync(6);
        first.Dispose();
        var before = rig.Api.LogRequests.Count;

        using var resumed = LogCall.Open(rig.Host, run, first.Cursor, request => request.Containers.Add(SixContainers));
        SixContainers.ToList().ForEach(name => pod.Container(name).Append("new"));
        await resumed.ReadAsync(6);

        Assert.All(resumed.Texts, text => Assert.Equal("new", text));
        var requests = rig.Api.LogRequests.Skip(before).Where(request => request.Contains(pod.Name, StringComparison.Ordinal)).ToList();
        Assert.Equal(6, requests.Count(request => request.Contains("follow=true", StringComparison.Ordinal)));
        Assert.All(requests, request => Assert.Contains("sinceTime=", request, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_event_with_line_breaks_in_its_text_is_not_cut_at_the_first()
    {
        var (run, pod) = await rig.AddRunAsync();
        pod.Container("main").Append("\r10%\r20%\r\rdone");
        pod.Container("main").Append("next");
        pod.Container("main").Terminate();
        using var request = new HttpRequestMessage(HttpMethod.Get, Page(run)) { Headers = { { "Accept", "text/event-stream" } } };

        using var response = await rig.Host.Http.SendAsync(request, TestContext.Current.CancellationToken);
        var events = (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
            .Select(one => string.Join('\n', one.Split('\n').Where(field => field.StartsWith("data: ", StringComparison.Ordinal)).Select(field => field[6..])));

        Assert.Equal(["\n10%\n20%\n\ndone", "next"], events);
    }

    [Fact]
    public async Task A_client_slower_than_its_log_loses_nothing_and_holds_up_nobody_else()
    {
        var (run, pod) = await rig.AddRunAsync();
        var written = Enumerable.Range(0, 20_000).Select(i => Some.Line($"line {i} {new string('x', 200)}", Some.Start.Add(TimeSpan.FromMilliseconds(i)))).ToArray();
        using var slow = LogCall.Open(rig.Host, run);
        using var fast = LogCall.Open(rig.Host, run);

        pod.Container("main").Append(written);
        await fast.ReadAsync(written.Length);
        pod.Container("main").Terminate();
        await fast.ReadToEndAsync();
        await slow.ReadToEndAsync();

        Assert.Equal(written.Length, slow.Lines.Count);
        Assert.Equal(fast.Texts, slow.Texts);
    }

    private static string Page(string run) => $"/logs/flytesnacks/development/{run}/a0/1?org=acme";

    private List<FakeLogStream> StreamsOf(FakePod pod) => [.. rig.Api.Streams.Where(stream => stream.Pod == pod)];

    private async Task<(string Run, FakePod Pod)> StartSixAsync()
    {
        var (run, pod) = await rig.AddRunAsync();
        await Rig.PutContextAsync(rig.Host, run, pod.Name, containers: SixContainers[1..]);
        foreach (var name in SixContainers)
        {
            pod.Container(name).WaitToStart();
            pod.Container(name).Restart(Some.Start);
            pod.Container(name).Append([Some.Line($"{name} is here")]);
        }

        return (run, pod);
    }
}
