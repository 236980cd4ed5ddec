using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using RunLogs.Abstractions;
using RunLogs.EndToEnd.Tests.Seam;
using RunLogs.Protos.V1;
using RunLogs.Testing;
using RunLogs.Testing.Kubernetes;
using RunLogs.Testing.Seam;

namespace RunLogs.EndToEnd.Tests;

/// <summary>A tail that is resumed by its cursor, on the other host, goes on after the last line that came with it.</summary>
public sealed class CursorSeamTests(TwoHosts hosts) : IClassFixture<TwoHosts>
{
    private static readonly string[] SixContainers = ["main", "c1", "c2", "c3", "c4", "c5"];

    private readonly LogTimestamp _start = LogTimestamp.From(TimeProvider.System.GetUtcNow().AddMinutes(-1));

    private HostProcess One => hosts.Hosts[0];

    private HostProcess Other => hosts.Hosts[1];

    [Fact]
    public async Task Resumed_at_once_it_goes_on_while_the_pod_writes()
    {
        var (run, pod) = await StartAsync();
        var (written, cursor, received) = (Lines(0, 2000), "", new List<string>());
        for (var hop = 0; hop < 20; hop++)
        {
            using var call = LogCall.Open(hosts.Hosts[hop % 2], run, cursor);
            pod.Container("main").Append(written[(hop * 100)..((hop + 1) * 100)]);
            await call.ReadAsync(1);
            received.AddRange(call.Texts);
            cursor = call.Cursor;
        }

        pod.Container("main").Terminate();
        using var last = LogCall.Open(Other, run, cursor);
        var closing = await last.ReadToEndAsync();

        Assert.Equal(Texts(written), received.Concat(last.Texts));
        Assert.Equal(Closing.Types.Completeness.Complete, closing.Completeness);
    }

    [Fact]
    public async Task Resumed_after_its_pod_is_gone_it_goes_on_in_the_archive()
    {
        var (run, pod) = await StartAsync();
        var written = Lines(0, 1000);
        pod.Container("main").Append(written[..500]);
        var cursor = await ReadAsync(run, 500);

        pod.Container("main").Append(written[500..800]);
        await ArchiveAsync(pod, written);
        hosts.Api.DeletePod(pod);
        using var resumed = LogCall.Open(Other, run, cursor);
        var closing = await resumed.ReadToEndAsync();

        Assert.Equal(Texts(written[500..]), resumed.Texts);
        Assert.Equal((Closing.Types.Completeness.Complete, "Files"), (closing.Completeness, Assert.Single(closing.Sources).Backend));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Resumed_at_a_line_whose_time_500_others_share_it_neither_skips_nor_repeats(bool podIsGone)
    {
        var (run, pod) = await StartAsync();
        // Texts come again and again too, so that only their number tells where the tail stands.
        WrittenLine[] written = [.. Enumerable.Range(0, 501).Select(i => Some.Line($"text {i % 3}", _start)), .. Lines(1, 20)];
        pod.Container("main").Append(written[..250]);
        var cursor = await ReadAsync(run, 250);

        pod.Container("main").Append(written[250..]);
        await EndAsync(pod, written, podIsGone);
        using var resumed = LogCall.Open(Other, run, cursor);
        var closing = await resumed.ReadToEndAsync();

        Assert.Equal(Texts(written[250..]), resumed.Texts);
        Assert.Equal(Closing.Types.Completeness.Complete, closing.Completeness);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Resumed_after_a_restart_it_brings_the_rest_of_its_instance_and_then_the_next_one(bool podIsGone)
    {
        var (run, pod) = await StartAsync();
        pod.RestartPolicy = "OnFailure";
        var written = Lines(0, 30);
        pod.Container("main").Append(written[..10]);
        var cursor = await ReadAsync(run, 10);

        pod.Container("main").Append(written[10..15]);
        pod.Container("main").Restart();
        // The next instance writes the same texts, and some at the same times, as the one before.
        pod.Container("main").Append(written[5..]);
        await ArchiveAsync(pod, written[..15]);
        await EndAsync(pod, written[5..], podIsGone, instance: 1);
        using var resumed = LogCall.Open(Other, run, cursor);
        var closing = await resumed.ReadToEndAsync();

        Assert.Equal(Texts(written[10..15]).Concat(Texts(written[5..])), resumed.Texts);
        Assert.Equal(Closing.Types.Completeness.Complete, closing.Completeness);
        Assert.Contains(resumed.Notices, notice => notice.Kind == Notice.Types.Kind.InstanceRestarted);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_merged_tail_of_six_containers_goes_on_in_each_of_them(bool podIsGone)
    {
        var (run, pod) = await StartAsync(SixContainers[1..]);
        // Some have written all, some nothing, when the first call ends.
        var written = SixContainers.Select((name, i) => (name, lines: Lines(0, 200 * i), first: i == 5 ? 0 : 100 * i)).ToList();
        written.ForEach(one => pod.Container(one.name).Append(one.lines[..one.first]));
        using var first = LogCall.Open(One, run, with: request => request.Containers.Add(SixContainers));
        await first.ReadAsync(written.Sum(one => one.first) / 2);
        first.Dispose();

        written.ForEach(one => pod.Container(one.name).Append(one.lines[one.first..]));
        foreach (var (name, lines, _) in written)
        {
            await EndAsync(pod, lines, podIsGone, container: name);
        }

        using var resumed = LogCall.Open(Other, run, first.Cursor, request => request.Containers.Add(SixContainers));
        var closing = await resumed.ReadToEndAsync();

        Assert.All(written, one => Assert.Equal(Texts(one.lines), first.Lines.Concat(resumed.Lines).Where(line => line.Container == one.name).Select(line => line.Text)));
        Assert.Equal(Closing.Types.Completeness.Complete, closing.Completeness);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Resumed_with_an_end_before_where_it_stands_it_has_all_that_was_asked_for(bool podIsGone)
    {
        var (run, pod) = await StartAsync();
        var written = Lines(0, 6000);
        pod.Container("main").Append(written[..5000]);
        var cursor = await ReadAsync(run, 5000);
        pod.Container("main").Append(written[5000..]);
        await EndAsync(pod, written, podIsGone);

        // In the same millisecond or nearly, in the same second, in the one before, and before the log.
        foreach (var end in new[] { written[4999].Timestamp, written[4990].Timestamp, written[4000].Timestamp, written[100].Timestamp, _start.Add(TimeSpan.FromHours(-1)) })
        {
            using var resumed = LogCall.Open(Other, run, cursor, request => request.Until = Timestamp.FromDateTimeOffset(end.ToDateTimeOffset()));
            var closing = await resumed.ReadToEndAsync();

            Assert.Empty(resumed.Lines);
            Assert.Empty(resumed.Notices);
            Assert.Equal((Closing.Types.EndReason.AsFarAsAsked, Closing.Types.Completeness.Unknown), (closing.EndReason, closing.Completeness));
        }
    }

    [Fact]
    public async Task The_cursor_of_a_page_is_taken_by_the_log_service_of_the_other_host()
    {
        var (run, pod) = await StartAsync();
        var written = Lines(0, 20);
        pod.Container("main").Append(written[..10]);
        using var request = LogPage.Request(One, run);
        using var page = await One.Http.SendAsync(request, TestContext.Current.CancellationToken);
        var cursor = Assert.Single(page.TrailingHeaders.GetValues("runlogs-cursor"));

        pod.Container("main").Append(written[10..]);
        pod.Container("main").Terminate();
        using var resumed = LogCall.Open(Other, run, cursor);
        await resumed.ReadToEndAsync();
        var text = await Other.Http.GetStringAsync($"/logs/flytesnacks/development/{run}/a0/1?org=acme&cursor={Uri.EscapeDataString(cursor)}", TestContext.Current.CancellationToken);

        Assert.Equal(Texts(written[10..]), resumed.Texts);
        Assert.Equal(string.Concat(Texts(written[10..]).Select(line => line + "\n")), text);
    }

    [Fact]
    public async Task A_cursor_that_is_forged_or_of_another_log_or_key_is_refused_in_a_sentence()
    {
        var (run, pod) = await StartAsync();
        var (another, _) = await StartAsync();
        pod.Container("main").Append(Lines(0, 10));
        var cursor = await ReadAsync(run, 10);
        await using var stranger = await HostProcess.StartAsync($"RunLogs:Backends:Kubernetes:KubeConfig={hosts.Api.KubeConfigPath}", "RunLogs__CursorKey=another key and one long enough as well");
        await Rig.PutContextAsync(stranger, run, pod.Name);
        var middle = cursor.Length / 2;
        var forged = cursor[..middle] + (cursor[middle] == 'A' ? 'B' : 'A') + cursor[(middle + 1)..];

        await RefusedAsync(LogCall.Open(Other, run, forged));
        await RefusedAsync(LogCall.Open(Other, run, cursor[..middle]));
        await RefusedAsync(LogCall.Open(Other, run, "no cursor at all"));
        await RefusedAsync(LogCall.Open(Other, another, cursor));
        await RefusedAsync(LogCall.Open(Other, run, cursor, request => request.Contains = "line"));
        await RefusedAsync(LogCall.Open(stranger, run, cursor));
    }

    private static async Task RefusedAsync(LogCall call)
    {
        using var refused = call;
        var failure = await Assert.ThrowsAsync<RpcException>(refused.ReadToEndAsync);

        Assert.Equal(StatusCode.InvalidArgument, failure.StatusCode);
        Assert.Contains("cursor", failure.Status.Detail, StringComparison.OrdinalIgnoreCase);
        Sentence.Check(failure.Status.Detail);
    }

    private async Task<(string Run, FakePod Pod)> StartAsync(params string[] moreContainers)
    {
        var (run, pod) = await hosts.AddRunAsync(moreContainers);
        foreach (var name in moreContainers.Prepend("main"))
        {
            pod.Container(name).WaitToStart();
            pod.Container(name).Restart(_start);
        }

        return (run, pod);
    }

    // Reads exactly these lines, leaves, and returns the cursor.
    private async Task<string> ReadAsync(string run, int lines)
    {
        using var call = LogCall.Open(One, run);
        await call.ReadAsync(lines);
        Assert.Equal(lines, call.Lines.Count);
        return call.Cursor;
    }

    private async Task EndAsync(FakePod pod, WrittenLine[] lines, bool podIsGone, string container = "main", int instance = 0)
    {
        if (podIsGone)
        {
            await ArchiveAsync(pod, lines, container, instance);
            hosts.Api.DeletePod(pod);
        }
        else
        {
            pod.Container(container).Terminate();
        }
    }

    private Task ArchiveAsync(FakePod pod, IEnumerable<WrittenLine> lines, string container = "main", int instance = 0) =>
        new FileArchive(hosts.FilesRoot, pod, container, instance).WriteAsync([.. lines.Select(SeamScript.Archived)], TestContext.Current.CancellationToken);

    private WrittenLine[] Lines(int first, int count) => [.. Enumerable.Range(first, count).Select(i => Some.Line($"line {i}", _start.Add(TimeSpan.FromMicroseconds(i * 337))))];

    private static IEnumerable<string> Texts(IEnumerable<WrittenLine> lines) => lines.Select(line => System.Text.Encoding.UTF8.GetString(line.Text.Span));
}
