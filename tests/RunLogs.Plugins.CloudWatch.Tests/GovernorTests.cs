using RunLogs.Abstractions;
using RunLogs.Testing;
using RunLogs.Testing.CloudWatch;

namespace RunLogs.Plugins.CloudWatch.Tests;

public sealed class GovernorTests : CloudWatchTests
{
    [Fact]
    public async Task Two_hundred_tails_stay_under_ten_calls_a_second_and_none_starves()
    {
        const int Tails = 200;
        var containers = Enumerable.Range(0, Tails).Select(i => Container with { Pod = $"pod-{i}", PodUid = $"{i:x8}-0a4b-4a5e-9d3e-1f0c5b7a8e21" }).ToArray();
        foreach (var container in containers)
            await Node.RunAsync(container, Some.Lines(1));

        // Two clusters whose logs are in one account: one plugin, two streamers, one budget.
        var plugin = new CloudWatchPlugin();
        await using var one = plugin.Create(Some.PluginContext("CloudWatch", Node.Time, Node.Settings));
        await using var other = plugin.Create(Some.PluginContext("CloudWatch", Node.Time, Node.Settings));
        using var cancellation = new CancellationTokenSource();
        var outputs = containers.Select(_ => new CollectingWriter()).ToArray();
        var tails = containers.Select((container, i) => (i % 2 == 0 ? one : other).TailLogsAsync(Node.Request(container), outputs[i], cancellation.Token)).ToArray();
        await Node.WithinMinutes(Task.WhenAll(outputs.Select(output => output.LinesAsync(1))));

        // The second line of each is there within a few rounds of all.
        foreach (var container in containers)
            await Node.AppendAsync(container, Some.Lines(1, first: 1));

        var before = Node.Time.GetUtcNow();
        await Node.WithinMinutes(Task.WhenAll(outputs.Select(output => output.LinesAsync(2))));

        Assert.InRange(Node.Time.GetUtcNow() - before, TimeSpan.Zero, TimeSpan.FromSeconds(120));
        // Calls are stamped when they arrive, which is a little after they were let go: ten seconds of them are looked at.
        foreach (var operation in Logs.Calls.GroupBy(call => call.Operation))
            Rates.AssertUnder(100, TimeSpan.FromSeconds(10), [.. operation.Select(call => call.At)]);

        // A round of all takes 25 s, and a silent tail waits five more: nobody waits for three.
        var streams = Logs.Calls.Where(call => call.Operation == "GetLogEvents").GroupBy(call => call.Stream).ToArray();
        Assert.Equal(Tails, streams.Length);
        Assert.All(streams, stream => Assert.InRange(stream.Zip(stream.Skip(1), (call, next) => (next.At - call.At).TotalSeconds).Max(), 0, 75));
        Assert.Contains(outputs, output => output.Notices.Any(notice => notice.Kind == LogNoticeKind.Throttled));
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(tails).WaitAsync(FakeNode.Patience));
    }

    [Fact]
    public async Task Callers_go_in_the_order_they_came_and_who_gives_up_holds_nobody_up()
    {
        var budget = new CallBudget(8, Node.Time);
        await budget.EnterAsync(CancellationToken.None);
        using var cancellation = new CancellationTokenSource();
        var order = new List<int>();
        var callers = Enumerable.Range(0, 5).Select(i => EnterAsync(i, i == 2 ? cancellation.Token : CancellationToken.None)).ToArray();

        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => callers[2].WaitAsync(FakeNode.Patience));
        await Node.Within(Task.WhenAll(callers.Where((_, i) => i != 2)));

        Assert.Equal([0, 1, 3, 4], order);

        async Task EnterAsync(int caller, CancellationToken token)
        {
            await budget.EnterAsync(token);
            order.Add(caller);
        }
    }

    [Fact]
    public async Task Throttling_halves_the_rate_and_time_restores_it()
    {
        var budget = new CallBudget(8, Node.Time);
        await budget.EnterAsync(CancellationToken.None);
        budget.SlowDown();
        budget.SlowDown();

        await AssertNextAfterAsync(budget, 0.125);
        await AssertNextAfterAsync(budget, 0.25);
        Node.Time.Advance(TimeSpan.FromSeconds(31));
        await budget.EnterAsync(CancellationToken.None).WaitAsync(FakeNode.Patience);
        await AssertNextAfterAsync(budget, 0.125);
    }

    private Task AssertNextAfterAsync(CallBudget budget, double seconds) => Rates.AssertNextAfterAsync(Node.Time, budget.EnterAsync, TimeSpan.FromSeconds(seconds));
}
