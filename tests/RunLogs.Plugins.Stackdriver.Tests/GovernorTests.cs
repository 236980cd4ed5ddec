using System.Collections.Concurrent;
using Google.Cloud.Logging.V2;
using RunLogs.Abstractions;
using RunLogs.Testing;

namespace RunLogs.Plugins.Stackdriver.Tests;

public sealed class GovernorTests : StackdriverTests
{
    [Fact]
    public async Task Two_hundred_tails_stay_under_sixty_reads_a_minute_and_none_starves()
    {
        const int Tails = 200;
        var containers = Enumerable.Range(0, Tails).Select(i => Container with { Pod = $"pod-{i}", PodUid = $"{i:x8}-0a4b-4a5e-9d3e-1f0c5b7a8e21" }).ToArray();
        foreach (var container in containers)
            await Node.RunAsync(container, Some.Lines(1));

        // Two clusters whose logs are in one project: two streamers, one budget.
        var governor = new Governor();
        var calls = new ConcurrentQueue<(string Pod, DateTimeOffset At)>();
        await using var one = Create(governor, calls);
        await using var other = Create(governor, calls);
        using var cancellation = new CancellationTokenSource();
        var outputs = containers.Select(_ => new CollectingWriter()).ToArray();
        var tails = containers.Select((container, i) => (i % 2 == 0 ? one : other).TailLogsAsync(Node.Request(container), outputs[i], cancellation.Token)).ToArray();
        await Node.WithinMinutes(Task.WhenAll(outputs.Select(output => output.LinesAsync(1))));

        // The second line of each is there within two rounds of all.
        foreach (var container in containers)
            await Node.AppendAsync(container, Some.Lines(1, first: 1));

        var before = Node.Time.GetUtcNow();
        await Node.WithinMinutes(Task.WhenAll(outputs.Select(output => output.LinesAsync(2))));

        Assert.InRange(Node.Time.GetUtcNow() - before, TimeSpan.Zero, TimeSpan.FromMinutes(9));
        Rates.AssertUnder(60, TimeSpan.FromMinutes(1), [.. calls.Select(call => call.At)]);

        // A round of all takes four minutes: nobody waits for much more than one.
        var pods = calls.GroupBy(call => call.Pod).ToArray();
        Assert.Equal(Tails, pods.Length);
        Assert.All(pods, pod => Assert.InRange(pod.Zip(pod.Skip(1), (call, next) => (next.At - call.At).TotalSeconds).Max(), 0, 330));
        Assert.Contains(outputs, output => output.Notices.Any(notice => notice.Kind == LogNoticeKind.Throttled));
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(tails).WaitAsync(FakeNode.Patience));
    }

    [Fact]
    public async Task A_few_reads_go_at_once_after_a_rest_and_then_one_by_one()
    {
        var budget = new Governor().For("a", Node.Time);
        for (var i = 0; i < 8; i++)
            await budget.EnterAsync(CancellationToken.None).WaitAsync(FakeNode.Patience);

        await AssertNextAfterAsync(budget, 1.2);
        await AssertNextAfterAsync(budget, 1.2);
        Node.Time.Advance(TimeSpan.FromSeconds(2.4));
        await budget.EnterAsync(CancellationToken.None).WaitAsync(FakeNode.Patience);
        await budget.EnterAsync(CancellationToken.None).WaitAsync(FakeNode.Patience);
        await AssertNextAfterAsync(budget, 1.2);
    }

    [Fact]
    public async Task After_a_refusal_nobody_reads_before_the_next_minute()
    {
        var budget = new Governor().For("a", Node.Time);
        Node.Time.Advance(TimeSpan.FromSeconds(20));
        await budget.EnterAsync(CancellationToken.None).WaitAsync(FakeNode.Patience);

        Governor.SlowDown(budget, Node.Time);

        var next = budget.EnterAsync(CancellationToken.None);
        Node.Time.Advance(TimeSpan.FromSeconds(39.9));
        Assert.False(next.IsCompleted);
        Node.Time.Advance(TimeSpan.FromSeconds(5.2));
        await next.WaitAsync(FakeNode.Patience);
    }

    [Fact]
    public void Each_project_has_a_budget_of_its_own()
    {
        var governor = new Governor();

        Assert.Same(governor.For("a", Node.Time), governor.For("a", Node.Time));
        Assert.NotSame(governor.For("a", Node.Time), governor.For("b", Node.Time));
    }

    private StackdriverLogStreamer Create(Governor governor, ConcurrentQueue<(string Pod, DateTimeOffset At)> calls)
    {
        var context = Some.PluginContext("Stackdriver", Node.Time, Node.Settings);
        var settings = StackdriverSettings.Read(context.Configuration, context.Cluster);
        var access = new GoogleAccess(settings, context.Configuration.Path);
        return new StackdriverLogStreamer(settings, context, governor, access, new StampingClient(new LoggingServiceV2Client(access), Node.Time, calls));
    }

    private Task AssertNextAfterAsync(CallBudget budget, double seconds) => Rates.AssertNextAfterAsync(Node.Time, budget.EnterAsync, TimeSpan.FromSeconds(seconds));

    /// <summary>Notes when a call is let go: the way to the service takes real time, in which the test's clock runs far ahead.</summary>
    private sealed class StampingClient(ILoggingServiceV2Client inner, TimeProvider time, ConcurrentQueue<(string Pod, DateTimeOffset At)> calls) : ILoggingServiceV2Client
    {
        public Task<ListLogEntriesResponse> ListLogEntriesAsync(ListLogEntriesRequest request, CancellationToken cancellationToken)
        {
            calls.Enqueue((request.Filter.Split("pod_name=\"")[1].Split('"')[0], time.GetUtcNow()));
            return inner.ListLogEntriesAsync(request, cancellationToken);
        }

        public void Dispose() => inner.Dispose();
    }
}
