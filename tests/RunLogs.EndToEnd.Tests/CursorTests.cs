using Grpc.Core;
using RunLogs.Abstractions;
using RunLogs.Protos.V1;
using RunLogs.Testing;

namespace RunLogs.EndToEnd.Tests;

/// <summary>Resuming by cursor: on another host, over another API, from another source.</summary>
public sealed class CursorTests(Replicas hosts) : IClassFixture<Replicas>
{
    private static readonly LogTimestamp Start = LogTimestamp.FromUnixSeconds(1_763_000_000);

    [Fact]
    public async Task Six_merged_containers_are_resumed_on_another_host()
    {
        var (run, pods) = await SixPods.AddAsync(hosts.Rig, lines: 2000, terminate: false);
        await SixPods.PutAsync(hosts.Second, run, SixPods.Contexts(pods));
        var request = LogServiceTail.Of(run, 0);
        request.AllPods = true;
        var read = new List<string>();
        HostProcess[] turns = [hosts.First, hosts.Second, hosts.First];
        foreach (var (turn, host) in turns.Index())
        {
            using var tail = LogServiceTail.Open(host, request);
            await tail.ReadLinesAsync(2500);
            read.AddRange(tail.Texts);
            request.Cursor = tail.Cursor;
            foreach (var (i, pod) in pods.Index())
            {
                pod.Container("main").Append(SixPods.Lines(i, pod.Name, 2000 + (turn * 100), 100));
            }
        }

        foreach (var pod in pods)
        {
            pod.Container("main").Terminate();
        }

        using var last = await LogServiceTail.ReadAsync(hosts.Second, request);
        read.AddRange(last.Texts);

        Assert.Equal(Closing.Types.Completeness.Complete, last.AssertClosed().Completeness);
        foreach (var pod in pods)
        {
            Assert.Equal(Enumerable.Range(0, 2300).Select(line => $"{pod.Name} {line}"), read.Where(line => line.StartsWith($"{pod.Name} ", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public async Task At_a_line_whose_time_500_others_share_nothing_is_lost_or_repeated()
    {
        var (run, pod) = await hosts.AddRunAsync();
        pod.Container("main").Append(Enumerable.Range(0, 500).Select(i => new WrittenLine(Start, System.Text.Encoding.UTF8.GetBytes($"line {i / 3}"))));
        var request = LogServiceTail.Of(run);
        request.Follow = Follow.Never;
        var read = new List<string>();
        foreach (var host in new[] { hosts.First, hosts.Second, hosts.First })
        {
            using var tail = await LogServiceTail.ReadAsync(host, request);
            read.AddRange(tail.Texts);
            request.Cursor = tail.Cursor;
            pod.Container("main").Append(Start, $"more {read.Count}");
        }

        Assert.Equal([.. Enumerable.Range(0, 500).Select(i => $"line {i / 3}"), "more 500", "more 501"], read);
    }

    [Fact]
    public async Task A_cursor_of_one_service_is_good_in_the_others()
    {
        var (run, pod) = await hosts.AddRunAsync();
        pod.Container("main").Append("one");
        var request = LogServiceTail.Of(run);
        request.Follow = Follow.Never;
        using var first = await LogServiceTail.ReadAsync(hosts.First, request);
        pod.Container("main").Append("two");
        pod.Container("main").Terminate();

        using var page = await hosts.Second.Http.GetAsync($"{LogUrl(run)}?cursor={first.Cursor}", TestContext.Current.CancellationToken);
        using var flyte = Tail.Open(hosts.First, run);
        Assert.Equal(2, (await flyte.ReadAllAsync()).Count);
        request.Cursor = flyte.GetTrailers().GetValue("runlogs-cursor");
        using var after = await LogServiceTail.ReadAsync(hosts.Second, request);

        Assert.Equal("two\n", await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Empty(after.Texts);
        Assert.Empty(after.Notices);
        Assert.Equal(Closing.Types.Completeness.Complete, after.AssertClosed().Completeness);
    }

    [Fact]
    public async Task When_the_pod_is_gone_the_archive_goes_on_behind_the_cursor()
    {
        var (run, pod) = await hosts.AddRunAsync();
        var written = Enumerable.Range(0, 300).Select(i => new WrittenLine(Start.Add(TimeSpan.FromMilliseconds(i / 10)), System.Text.Encoding.UTF8.GetBytes($"line {i / 2}"))).ToArray();
        pod.Container("main").Append(written[..200]);
        var request = LogServiceTail.Of(run);
        request.Follow = Follow.Never;
        using var live = await LogServiceTail.ReadAsync(hosts.First, request);
        hosts.Rig.Api.DeletePod(pod);
        await hosts.Rig.WriteFilesAsync(pod.Name, written);
        request.Cursor = live.Cursor;

        using var archived = await LogServiceTail.ReadAsync(hosts.Second, request);

        Assert.Equal(Enumerable.Range(0, 300).Select(i => $"line {i / 2}"), live.Texts.Concat(archived.Texts));
        Assert.All(archived.Origins, origin => Assert.Equal("Files", origin.Backend));
    }

    [Fact]
    public async Task The_cursor_of_a_restarted_container_goes_on_in_the_instance_it_stood_in()
    {
        var (run, pod) = await hosts.AddRunAsync();
        pod.RestartPolicy = "OnFailure";
        pod.Container("main").Append("first 1");
        var request = LogServiceTail.Of(run);
        request.Follow = Follow.Never;
        using var before = await LogServiceTail.ReadAsync(hosts.First, request);
        pod.Container("main").Append("first 2");
        pod.Container("main").Restart();
        pod.Container("main").Append("second 1");
        pod.Container("main").Terminate();
        (request.Cursor, request.Follow) = (before.Cursor, Follow.Auto);

        using var after = await LogServiceTail.ReadAsync(hosts.Second, request);

        Assert.Equal(["first 1"], before.Texts);
        Assert.Equal(["first 2", "second 1"], after.Texts);
    }

    [Fact]
    public async Task With_attempt_0_the_cursors_attempt_is_meant()
    {
        var (run, pod) = await hosts.AddRunAsync();
        pod.Container("main").Append("first attempt");
        var request = LogServiceTail.Of(run, 0);
        request.Follow = Follow.Never;
        using var before = await LogServiceTail.ReadAsync(hosts.First, request);
        pod.Container("main").Append("still the first");
        await hosts.Rig.PutContextAsync(run, "another-pod", attempt: 2);
        request.Cursor = before.Cursor;

        using var after = await LogServiceTail.ReadAsync(hosts.First, request);

        Assert.Equal(["still the first"], after.Texts);
    }

    [Fact]
    public async Task Since_and_tail_of_the_first_call_cut_nothing_off_a_resumed_one()
    {
        var (run, pod) = await hosts.AddRunAsync();
        pod.Container("main").Append(Enumerable.Range(0, 20).Select(i => new WrittenLine(Start.Add(TimeSpan.FromSeconds(i)), System.Text.Encoding.UTF8.GetBytes($"{i}"))));
        var request = LogServiceTail.Of(run);
        (request.Follow, request.Tail) = (Follow.Never, 2);
        using var before = await LogServiceTail.ReadAsync(hosts.First, request);
        pod.Container("main").Append(Enumerable.Range(20, 10).Select(i => new WrittenLine(Start.Add(TimeSpan.FromSeconds(i)), System.Text.Encoding.UTF8.GetBytes($"{i}"))));
        request.Cursor = before.Cursor;
        request.Since = new Google.Protobuf.WellKnownTypes.Timestamp { Seconds = Start.UnixSeconds + 28 };

        using var after = await LogServiceTail.ReadAsync(hosts.Second, request);

        Assert.Equal(["18", "19"], before.Texts);
        Assert.Equal(Enumerable.Range(20, 10).Select(i => $"{i}"), after.Texts);
    }

    [Fact]
    public async Task Lines_that_are_filtered_out_move_the_cursor()
    {
        var (run, pod) = await hosts.AddRunAsync();
        pod.Container("main").Append(Enumerable.Range(0, 100).Select(i => new WrittenLine(Start.Add(TimeSpan.FromSeconds(i)), System.Text.Encoding.UTF8.GetBytes($"line {i}"))));
        pod.Container("main").Terminate();
        var request = LogServiceTail.Of(run);
        request.Contains = "line 1";
        using var before = await LogServiceTail.ReadAsync(hosts.First, request);
        request.Cursor = before.Cursor;

        using var after = await LogServiceTail.ReadAsync(hosts.Second, request);

        Assert.Equal(11, before.Texts.Count);
        Assert.Empty(after.Texts);
    }

    [Fact]
    public async Task A_forged_foreign_or_stale_cursor_is_refused_with_what_to_do()
    {
        var (run, pod) = await hosts.AddRunAsync();
        pod.Container("main").Append("one");
        pod.Container("main").Terminate();
        var (other, _) = await hosts.AddRunAsync();
        using var tail = await LogServiceTail.ReadAsync(hosts.First, LogServiceTail.Of(run));
        var foreign = LogServiceTail.Of(other);
        var filtered = LogServiceTail.Of(run);
        filtered.Contains = "o";
        var forged = LogServiceTail.Of(run);
        (foreign.Cursor, filtered.Cursor, forged.Cursor) = (tail.Cursor, tail.Cursor, $"{tail.Cursor[..^1]}{(tail.Cursor[^1] == 'A' ? 'Q' : 'A')}");
        await using var stranger = await hosts.Rig.StartHostAsync("RunLogs:CursorKey=a secret that none of the replicas share");
        await Rig.PutContextAsync(stranger, run, pod.Name);
        var stale = LogServiceTail.Of(run);
        stale.Cursor = tail.Cursor;

        Assert.StartsWith("The cursor belongs to another log or another filter", await RefusalAsync(hosts.First, foreign), StringComparison.Ordinal);
        Assert.StartsWith("The cursor belongs to another log or another filter", await RefusalAsync(hosts.First, filtered), StringComparison.Ordinal);
        Assert.StartsWith("cursor is none that RunLogs gave", await RefusalAsync(hosts.First, forged), StringComparison.Ordinal);
        Assert.Contains("RunLogs:CursorKey must be the same on all replicas", await RefusalAsync(stranger, stale), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cursor_in_a_container_that_left_the_attempt_is_refused()
    {
        var (run, pods) = await SixPods.AddAsync(hosts.Rig, lines: 2, terminate: true);
        var request = LogServiceTail.Of(run);
        request.AllPods = true;
        using var tail = await LogServiceTail.ReadAsync(hosts.First, request);
        await SixPods.PutAsync(hosts.First, run, SixPods.Contexts(pods[..4]));
        request.Cursor = tail.Cursor;

        Assert.Equal("The cursor stands in 2 containers that are no longer part of this log: send none, and since instead.", await RefusalAsync(hosts.First, request));
    }

    private static string LogUrl(string run) => $"/logs/flytesnacks/development/{run}/a0/1";

    private static async Task<string> RefusalAsync(HostProcess host, TailLogsRequest request)
    {
        using var tail = LogServiceTail.Open(host, request);
        var failure = await Assert.ThrowsAsync<RpcException>(tail.ReadToEndAsync);
        Assert.Equal(StatusCode.InvalidArgument, failure.StatusCode);
        return failure.Status.Detail;
    }
}
