using System.IO.Hashing;
using System.Text;
using Grpc.Core;
using RunLogs.Protos.V1;

namespace RunLogs.EndToEnd.Tests;

/// <summary>The closing record in every way a stream ends, against the client's own count.</summary>
public sealed class ClosingTests(Rig rig) : IClassFixture<Rig>
{
    [Fact]
    public async Task A_pod_that_vanishes_without_an_archive_is_closed_as_unknown()
    {
        var (run, pod) = await rig.AddRunAsync();
        pod.Container("main").Append("one");
        using var tail = LogServiceTail.Open(rig.Host, LogServiceTail.Of(run));
        await tail.ReadLinesAsync(1);

        rig.Api.DeletePod(pod);
        await tail.ReadToEndAsync();

        var closing = tail.AssertClosed();
        Assert.Equal((Closing.Types.EndReason.SourceGone, Closing.Types.Completeness.Unknown), (closing.EndReason, closing.Completeness));
        Assert.Contains(pod.Name, closing.Reason, StringComparison.Ordinal);
        Assert.EndsWith("its last lines may be missing.", tail.Notices[^1].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_log_nobody_has_is_closed_as_failed()
    {
        await rig.PutContextAsync("nowhere", "nowhere-a0-0");
        using var tail = LogServiceTail.Open(rig.Host, LogServiceTail.Of("nowhere"));

        var failure = await Assert.ThrowsAsync<RpcException>(tail.ReadToEndAsync);

        Assert.Equal(StatusCode.NotFound, failure.StatusCode);
        Assert.Equal((Closing.Types.EndReason.Failed, failure.Status.Detail), tail.AssertClosed() is var closing ? (closing.EndReason, closing.Reason) : default);
    }

    [Fact]
    public async Task A_backend_that_fails_in_the_middle_is_closed_with_what_came_before()
    {
        var (run, pod) = await rig.AddRunAsync();
        pod.Container("main").Append("one");
        using var tail = LogServiceTail.Open(rig.Host, LogServiceTail.Of(run));
        await tail.ReadLinesAsync(1);
        pod.StatusAnswer = pod.LogAnswer = Testing.Kubernetes.FakeAnswer.Status(403, "Forbidden", "pods is forbidden");
        foreach (var stream in rig.Api.Streams.Where(stream => stream.Pod == pod))
        {
            stream.Cut();
        }

        var failure = await Assert.ThrowsAsync<RpcException>(tail.ReadToEndAsync);

        Assert.Equal(StatusCode.PermissionDenied, failure.StatusCode);
        Assert.Equal((Closing.Types.EndReason.Failed, 1ul), tail.AssertClosed() is var closing ? (closing.EndReason, closing.Lines) : default);
        Assert.NotNull(failure.Trailers.GetValue("runlogs-cursor"));
    }

    [Fact]
    public async Task A_host_that_stops_closes_its_tails_and_another_goes_on_at_their_cursor()
    {
        await using var own = await Rig.StartAsync("RunLogs:CursorKey=a secret for the host that goes on");
        await using var next = await own.StartHostAsync();
        var (run, pod) = await own.AddRunAsync();
        await Rig.PutContextAsync(next, run, pod.Name);
        pod.Container("main").Append("one");
        using var tail = LogServiceTail.Open(own.Host, LogServiceTail.Of(run));
        await tail.ReadLinesAsync(1);
        using var flyte = Tail.Open(own.Host, run);
        await flyte.NextAsync();

        await own.Host.TerminateAsync();
        var failure = await Assert.ThrowsAsync<RpcException>(tail.ReadToEndAsync);
        var flyteFailure = await Assert.ThrowsAsync<RpcException>(() => flyte.ReadAllAsync());
        pod.Container("main").Append("two");
        pod.Container("main").Terminate();
        var request = LogServiceTail.Of(run);
        request.Cursor = tail.Cursor;
        using var rest = await LogServiceTail.ReadAsync(next, request);
        var afterFlyte = await next.Http.GetStringAsync($"/logs/flytesnacks/development/{run}/a0/1?cursor={flyteFailure.Trailers.GetValue("runlogs-cursor")}", TestContext.Current.CancellationToken);

        Assert.Equal((StatusCode.Aborted, StatusCode.Aborted), (failure.StatusCode, flyteFailure.StatusCode));
        Assert.Equal(Closing.Types.EndReason.ShuttingDown, tail.AssertClosed().EndReason);
        Assert.Equal(Closing.Types.EndReason.ShuttingDown, Closing.Parser.ParseFrom(flyteFailure.Trailers.GetValueBytes("runlogs-closing-bin")).EndReason);
        Assert.Equal(["two"], rest.Texts);
        Assert.Equal("two\n", afterFlyte);
    }

    [Fact]
    public async Task Flytes_clients_find_it_in_the_trailers()
    {
        var (run, pod) = await rig.AddRunAsync();
        pod.Container("main").Append("eins");
        pod.Container("main").Append("zwölf");
        pod.Container("main").Terminate();
        using var call = Tail.Open(rig.Host, run);

        var lines = await call.ReadAllAsync();

        var closing = Closing.Parser.ParseFrom(call.GetTrailers().GetValueBytes("runlogs-closing-bin"));
        Assert.Equal((2ul, (ulong)lines.Sum(line => Encoding.UTF8.GetByteCount(line.Message))), (closing.Lines, closing.Bytes));
        Assert.Equal(XxHash128.Hash(Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line.Message)))), closing.Hash.ToByteArray());
        Assert.Equal((lines[0].Timestamp, lines[1].Timestamp), (closing.First, closing.Last));
    }

    [Fact]
    public async Task Over_HTTP_2_a_page_has_it_in_its_trailers()
    {
        var (run, pod) = await rig.AddRunAsync();
        pod.Container("main").Append("one");
        pod.Container("main").Terminate();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(rig.Host.GrpcAddress, $"/logs/flytesnacks/development/{run}/a0/1"))
        {
            Version = System.Net.HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };

        using var response = await rig.Host.Http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal("one\n", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        var closing = Closing.Parser.ParseFrom(Convert.FromBase64String(Assert.Single(response.TrailingHeaders.GetValues("runlogs-closing-bin"))));
        Assert.Equal((1ul, 3ul), (closing.Lines, closing.Bytes));
        Assert.Equal(XxHash128.Hash("one\n"u8), closing.Hash.ToByteArray());
        Assert.NotEmpty(Assert.Single(response.TrailingHeaders.GetValues("runlogs-cursor")));
    }
}
