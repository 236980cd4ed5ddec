using System.Threading.Channels;
using RunLogs.Abstractions;
using RunLogs.Testing;

namespace RunLogs.Plugins.Kubernetes.Tests;

/// <summary>What this backend breaks off by itself, to be opened again at the position.</summary>
public sealed class BreakingOffTests : FakeClusterTests
{
    private const string Exhausted = "failed to create fsnotify watcher: too many open files";

    [Fact]
    public async Task A_node_without_watchers_is_polled_until_a_follow_works_again()
    {
        await using var streamer = Streamer();
        var container = Pod.Container("c");
        container.Append("one");
        container.BodyTextInsteadOfFollowing = Exhausted;
        Assert.Equal(["one"], await PollAsync(streamer));
        container.Append("two");
        Assert.Equal(["one", "two"], await PollAsync(streamer));
        Assert.Equal([true, false], Follows());

        container.BodyTextInsteadOfFollowing = null;
        Clock.Time.Advance(TimeSpan.FromSeconds(10));
        var output = new CollectingWriter();
        var tail = streamer.TailLogsAsync(Request, output, TestContext.Current.CancellationToken);
        await Clock.Within(output.LinesAsync(2));
        container.Append("three");
        await Clock.Within(output.LinesAsync(3));
        container.Terminate();

        Assert.Equal(TailEnd.Complete, await Clock.Within(tail));
        Assert.Equal([true, false, true], Follows()[..3]);
    }

    [Fact]
    public async Task A_polled_container_that_ends_is_complete()
    {
        await using var streamer = Streamer();
        var container = Pod.Container("c");
        container.Append("one");
        container.BodyTextInsteadOfFollowing = Exhausted;
        await PollAsync(streamer);

        container.Append("two");
        container.Terminate();
        var output = new CollectingWriter();

        Assert.Equal(TailEnd.Complete, await Clock.Within(streamer.TailLogsAsync(Request, output, TestContext.Current.CancellationToken)));
        Assert.Equal(["one", "two"], output.Texts);
    }

    [Fact]
    public async Task Another_node_is_followed_all_the_same()
    {
        await using var streamer = Streamer();
        Pod.Container("c").BodyTextInsteadOfFollowing = Exhausted;
        await PollAsync(streamer);
        var other = Api.AddPod("rig", "other");
        other.Node = "node-2";
        other.Container("c").Append("x");

        var output = new CollectingWriter();
        var tail = streamer.TailLogsAsync(Request with { Pod = "other" }, output, TestContext.Current.CancellationToken);
        await Clock.Within(output.LinesAsync(1));

        Assert.Contains("follow=true", Api.LogRequests[^1], StringComparison.Ordinal);
        other.Container("c").Terminate();
        await Clock.Within(tail);
    }

    [Fact]
    public async Task A_client_that_takes_nothing_for_a_second_has_its_upstream_closed_and_is_waited_for()
    {
        await using var streamer = Streamer();
        Pod.Container("c").Append("x");
        var output = new ClosedWriter();
        var tail = streamer.TailLogsAsync(Request, output, TestContext.Current.CancellationToken);

        await Clock.Within(Api.StreamsOpenAsync(1));
        await Clock.Within(Api.StreamsClosedAsync());
        await Clock.Within(output.WaitedForAsync(2));
        Assert.False(tail.IsCompleted);
        output.Open();

        Assert.Equal((LogStreamError.Unavailable, "SLOW_CLIENT", true, null), (await RefusedAsync(tail)) is var pause ? (pause.Error, pause.Reason, pause.IsPause, pause.RetryAfter) : default);
        Assert.Single(Api.LogRequests);
    }

    [Theory]
    [InlineData(FollowMode.Never, false)]
    [InlineData(FollowMode.Auto, true)]
    public async Task A_log_that_cannot_be_rotated_under_the_reader_waits_for_its_client(FollowMode follow, bool hasEnded)
    {
        await using var streamer = Streamer();
        var container = Pod.Container("c");
        container.Append("x");
        if (hasEnded)
            container.Terminate();

        var output = new ClosedWriter();
        var tail = streamer.TailLogsAsync(Request with { Follow = follow }, output, TestContext.Current.CancellationToken);
        await Clock.Within(output.WaitedForAsync(1));
        Clock.Time.Advance(TimeSpan.FromMinutes(10));
        output.Open();

        Assert.Equal(hasEnded ? TailEnd.Complete : TailEnd.Stopped, await Clock.Within(tail));
        Assert.Equal(1, output.Lines);
    }

    private ILogStreamer Streamer() =>
        new KubernetesPlugin().Create(Some.PluginContext("Kubernetes", Clock.Time, new Dictionary<string, string?> { ["KubeConfig"] = Api.KubeConfigPath, ["HeaderTimeout"] = "1.00:00:00" }));

    private bool[] Follows() => [.. Api.LogRequests.Select(request => request.Contains("follow=true", StringComparison.Ordinal))];

    private async Task<IReadOnlyList<string>> PollAsync(ILogStreamer streamer)
    {
        var output = new CollectingWriter();
        var refusal = await Assert.ThrowsAsync<LogStreamException>(() => streamer.TailLogsAsync(Request, output, TestContext.Current.CancellationToken).WaitAsync(FakeNode.Patience));
        Assert.Equal((LogStreamError.Unavailable, "NODE_EXHAUSTED", true), (refusal.Error, refusal.Reason, refusal.IsPause));
        Assert.InRange(refusal.RetryAfter!.Value, TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(2));
        return output.Texts;
    }

    /// <summary>A writer without room until it is opened.</summary>
    private sealed class ClosedWriter : ChannelWriter<LogBatch>
    {
        private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Channel<bool> _waits = Channel.CreateUnbounded<bool>();

        public int Lines { get; private set; }

        public void Open() => _open.TrySetResult();

        public async Task WaitedForAsync(int times)
        {
            for (var i = 0; i < times; i++)
                await _waits.Reader.ReadAsync();
        }

        public override bool TryWrite(LogBatch item)
        {
            if (!_open.Task.IsCompleted)
                return false;

            Lines += item.Entries.Length;
            item.Dispose();
            return true;
        }

        public override async ValueTask<bool> WaitToWriteAsync(CancellationToken cancellationToken = default)
        {
            _waits.Writer.TryWrite(true);
            await _open.Task.WaitAsync(cancellationToken);
            return true;
        }
    }
}
