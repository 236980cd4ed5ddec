using Grpc.Core;
using RunLogs.Abstractions;
using RunLogs.Testing;
using RunLogs.Testing.Stackdriver;
using RunLogs.Testing.Stackdriver.Protos;

namespace RunLogs.Plugins.Stackdriver.Tests;

public sealed class ReadingTests : StackdriverTests
{
    [Fact]
    public async Task Empty_pages_are_no_end()
    {
        await FinishedAsync(Some.Lines(20));
        Logging.Entries.EmptyPages = 61;

        var end = await ReadAsync();

        Assert.Equal(TextsOf(Some.Lines(20)), Output.Texts);
        Assert.Equal(TailEnd.Complete, end);
    }

    [Fact]
    public async Task Last_lines_are_found_behind_empty_pages()
    {
        await FinishedAsync(Some.Lines(20));
        Logging.Entries.EmptyPages = 7;

        await ReadAsync(Node.Request(Container) with { TailLines = 3 });

        Assert.Equal(TextsOf(Some.Lines(20)[^3..]), Output.Texts);
    }

    [Fact]
    public async Task Empty_pages_without_end_are_an_incomplete_log()
    {
        await FinishedAsync(Some.Lines(2));
        Logging.Entries.EmptyPages = 1_000_000;

        var refusal = await RefusedAsync();

        Assert.Equal((LogStreamError.Unavailable, "INCOMPLETE"), (refusal.Error, refusal.Reason));
    }

    [Fact]
    public async Task Every_query_names_both_bounds_and_its_pages_repeat_it()
    {
        await FinishedAsync(Some.Lines(30));
        Logging.Entries.PageEntries = 7;

        await ReadAsync();

        Assert.Equal(TextsOf(Some.Lines(30)), Output.Texts);
        Assert.Equal(5, Logging.Calls.Count);
        Assert.All(Logging.Calls, call =>
        {
            Assert.Equal(["projects/my-project-123456"], call.Request.ResourceNames);
            Assert.Contains($" AND timestamp>=\"{Some.Start.Add(TimeSpan.FromSeconds(-5))}\" AND timestamp<\"2026-11-22T19:20:00.000000000Z\"", call.Request.Filter, StringComparison.Ordinal);
            Assert.Equal(("timestamp asc", 1000), (call.Request.OrderBy, call.Request.PageSize));
        });
    }

    [Fact]
    public async Task Pages_are_asked_for_as_the_client_takes_them()
    {
        await FinishedAsync(Some.Lines(5000));
        using var cancellation = new CancellationTokenSource();
        var output = new FullWriter();
        var tail = Streamer.TailLogsAsync(Node.Request(Container), output, cancellation.Token);
        await Node.Within(output.Waiting);

        await PassAsync(TimeSpan.FromMinutes(1));

        Assert.Single(Logging.Calls);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => tail.WaitAsync(FakeNode.Patience));
    }

    [Fact]
    public async Task A_token_that_expires_between_two_pages_opens_the_query_where_it_was_read_last()
    {
        // Six entries of each time: the seam of two pages lies among equals.
        var lines = Enumerable.Range(0, 60).Select(i => At($"line {i}", i / 6)).ToArray();
        await FinishedAsync(lines);
        Logging.Entries.PageEntries = 7;
        var refused = 0;
        Logging.Before = call => call.Request.PageToken.Length > 0 && Interlocked.Increment(ref refused) % 3 == 2
            ? throw FakeRefusal.Of(StatusCode.InvalidArgument, "page_token is expired")
            : Task.FromResult<ListLogEntriesResponse?>(null);

        var end = await ReadAsync();

        Assert.Equal(TextsOf(lines), Output.Texts);
        Assert.Equal(TailEnd.Complete, end);
        Assert.True(refused > 3);
    }

    [Fact]
    public async Task A_page_above_64_MiB_is_asked_for_in_halves()
    {
        var text = new string('x', 240_000);
        var lines = Enumerable.Range(0, 300).Select(i => At($"{i} {text}", i)).ToArray();
        await FinishedAsync(lines);

        await ReadAsync();

        Assert.Equal(lines.Length, Output.Lines.Count);
        Assert.Equal(lines.Select(line => line.Timestamp), Output.Lines.Select(line => line.Timestamp));
        Assert.Contains(Logging.Calls, call => call.Request.PageSize == 250);
        Assert.DoesNotContain(Output.Notices, notice => notice.Kind == LogNoticeKind.Throttled);
    }

    [Fact]
    public async Task An_entry_that_is_too_large_alone_is_an_error_of_its_own()
    {
        Logging.Before = _ => throw FakeRefusal.Of(StatusCode.ResourceExhausted, "Received message exceeds the maximum configured message size.");

        var refusal = await RefusedAsync();

        Assert.Equal((LogStreamError.Internal, "ENTRY_TOO_LARGE"), (refusal.Error, refusal.Reason));
        Assert.Equal([1000, 500, 250, 125, 62, 31, 15, 7, 3, 1], Logging.Calls.Select(call => call.Request.PageSize));
    }

    [Fact]
    public async Task Polls_are_five_seconds_apart_or_more()
    {
        await Node.RunAsync(Container, Some.Lines(5));

        await FollowAsync(async () =>
        {
            await Node.Within(Output.LinesAsync(5));
            await Node.AppendAsync(Container, Some.Lines(3, first: 5));
            await Node.Within(Output.LinesAsync(8));
            await PassAsync(TimeSpan.FromMinutes(3));
        });

        var gaps = Logging.Calls.Zip(Logging.Calls.Skip(1), (one, next) => next.At - one.At).ToArray();
        Assert.InRange(gaps.Min(), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(12));
        Assert.InRange(gaps.Max(), TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task Entries_that_come_late_are_read_in_the_drain_and_announced()
    {
        await Node.RunAsync(Container, At("one", 0), At("two", 100));
        var tail = TailAsync(JustEnded);
        await Node.Within(Output.LinesAsync(2));

        await Node.AppendAsync(Container, At("late", 1));
        var end = await Node.Within(tail);

        Assert.Equal(["one", "two", "late"], Output.Texts);
        Assert.Equal(TailEnd.Complete, end);
        Assert.Contains(Output.Notices, notice => notice.Kind == LogNoticeKind.Inexact);
    }

    [Fact]
    public async Task Entries_that_come_late_while_a_container_is_followed_are_read_within_two_minutes()
    {
        await Node.RunAsync(Container, At("one", 0), At("two", 100));

        await FollowAsync(async () =>
        {
            await Node.Within(Output.LinesAsync(2));
            await Node.AppendAsync(Container, At("late", 1));
            await Node.Within(Output.LinesAsync(3));
        });

        Assert.Equal(["one", "two", "late"], Output.Texts);
        Assert.InRange(Node.Time.GetUtcNow() - Some.Now, TimeSpan.Zero, TimeSpan.FromMinutes(2));
    }

    [Fact]
    public async Task An_entry_is_known_by_its_log_its_time_and_its_id()
    {
        // The service gives one of them twice in a page, as it may across queries.
        await Node.RunAsync(Container, Some.Line("first"));
        Logging.Before = call =>
        {
            var page = Logging.Entries.List(call.Request);
            page.Entries.Add(page.Entries);
            return Task.FromResult<ListLogEntriesResponse?>(page);
        };
        foreach (var (text, stream, time) in new[] { ("stdout", OutputStream.Stdout, Some.Start), ("stderr", OutputStream.Stderr, Some.Start), ("later", OutputStream.Stdout, Some.Start.Add(TimeSpan.FromTicks(1))) })
            Logging.Put(Container, Some.Line(text, time, stream), entry => entry.InsertId = "f00000000001");

        await Node.EndAsync(Container);
        await ReadAsync();

        Assert.Equal(["first", "stderr", "stdout", "later"], Output.Texts);
    }

    [Fact]
    public async Task Names_that_differ_in_case_only_are_of_others()
    {
        // Kubernetes has no such names; other things write to Cloud Logging too.
        await FinishedAsync(Some.Lines(3));
        Logging.Put(Container with { Pod = Container.Pod.ToUpperInvariant() }, Some.Line("another pod's"));
        Logging.Put(Container with { Name = "Main" }, Some.Line("another container's"));
        Logging.Put(Container, Some.Line("another cluster's"), entry => entry.Resource.Labels["cluster_name"] = "My-GKE-Cluster");
        Logging.Put(Container, Some.Line("a node's"), entry => entry.Resource.Type = "K8S_CONTAINER");

        await ReadAsync();

        Assert.Equal(TextsOf(Some.Lines(3)), Output.Texts);
    }

    [Fact]
    public async Task Without_a_location_the_clusters_name_is_enough()
    {
        Node.Settings.Remove("Location");
        await FinishedAsync(Some.Lines(3));

        await ReadAsync();

        Assert.Equal(3, Output.Lines.Count);
        Assert.DoesNotContain("location", Logging.Calls[0].Request.Filter, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pod_of_the_same_name_before_or_after_is_another()
    {
        await Node.RunAsync(Container, At("before", -60), At("after", 300));
        Logging.Put(Container, At("mine", 10), At("my last", 100));

        await ReadAsync(Node.Request(Container) with { ContainerStart = Some.Start, ContainerEnd = Some.Start.Add(TimeSpan.FromSeconds(100)), EndedAt = Some.Start.Add(TimeSpan.FromSeconds(100)) });

        Assert.Equal(["mine", "my last"], Output.Texts);
    }

    [Fact]
    public async Task The_instances_of_a_container_cannot_be_told_apart_and_that_is_said()
    {
        await FinishedAsync(Some.Lines(3));

        await ReadAsync(Node.Request(Container) with { Instance = new ContainerInstance { RestartCount = 2 } });

        Assert.Equal(3, Output.Lines.Count);
        Assert.Contains(Output.Notices, notice => notice.Kind == LogNoticeKind.Inexact && notice.Message.Contains("instances", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_first_batch_tells_the_node()
    {
        await FinishedAsync(Some.Lines(3));

        await ReadAsync();

        Assert.Equal(FakeEntry.Node, Output.Facts[0].Node);
    }

    [Fact]
    public async Task An_empty_rest_after_since_is_no_error()
    {
        await FinishedAsync(Some.Lines(5));

        var end = await ReadAsync(Node.Request(Container) with { Since = LogTimestamp.From(Some.Now) });

        Assert.Empty(Output.Lines);
        Assert.Equal(TailEnd.Complete, end);
    }

    [Fact]
    public async Task A_log_that_appears_in_the_drain_is_read()
    {
        var tail = TailAsync(JustEnded);
        await PassAsync(TimeSpan.FromSeconds(30));

        await Node.RunAsync(Container, Some.Lines(3));

        Assert.Equal(TailEnd.Complete, await Node.Within(tail));
        Assert.Equal(TextsOf(Some.Lines(3)), Output.Texts);
    }

    [Fact]
    public async Task Nothing_at_all_is_not_found_after_the_drain_and_says_what_to_check()
    {
        var refusal = await RefusedAsync(JustEnded);

        Assert.Equal((LogStreamError.NotFound, "NOT_FOUND"), (refusal.Error, refusal.Reason));
        Assert.InRange(Node.Time.GetUtcNow() - Some.Now, TimeSpan.FromSeconds(60), TimeSpan.FromMinutes(3));
        foreach (var word in new[] { "finished-a0-0", "my-gke-cluster", "my-project-123456", "RunLogs:Backends:Stackdriver:ProjectId", "exclusion filters" })
            Assert.Contains(word, refusal.Message, StringComparison.Ordinal);
    }
}
