using RunLogs.Abstractions;
using RunLogs.Testing;
using RunLogs.Testing.Stackdriver;

namespace RunLogs.Plugins.Stackdriver.Tests;

/// <summary>A fake of the service, a node that writes to it, and a streamer that reads from it.</summary>
public abstract class StackdriverTests : ArchiveTests<FakeLoggingNode>
{
    private protected FakeLoggingService Logging => Node.Logging;

    /// <summary>What a host asks with just after the end.</summary>
    protected TailRequest JustEnded => Node.Request(Container) with { EndedAt = LogTimestamp.From(Some.Now) };

    protected override Task StartAsync() => Node.StartAsync();

    /// <summary>Follows a container, and lets go of it in the end.</summary>
    protected async Task FollowAsync(Func<Task> act)
    {
        using var cancellation = new CancellationTokenSource();
        var tail = Streamer.TailLogsAsync(Node.Request(Container), Output, cancellation.Token);
        await act();

        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => tail.WaitAsync(FakeNode.Patience));
    }

    protected static WrittenLine At(string text, double seconds) => Some.Line(text, Some.Start.Add(TimeSpan.FromSeconds(seconds)));
}
