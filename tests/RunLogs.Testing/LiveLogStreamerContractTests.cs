using RunLogs.Abstractions;

namespace RunLogs.Testing;

/// <summary>What every backend keeps that sees the container's state.</summary>
public abstract class LiveLogStreamerContractTests : LogStreamerContractTests
{
    [Fact]
    public async Task A_followed_container_ends_complete_when_it_ends()
    {
        var lines = Some.Lines(6);
        await Node.RunAsync(Container, lines[..4]);
        var output = new CollectingWriter();
        var tail = Streamer.TailLogsAsync(Node.Request(Container), output, CancellationToken.None);
        await Node.Within(output.LinesAsync(4));

        await Node.AppendAsync(Container, lines[4..]);
        await Node.EndAsync(Container);
        var end = await Node.Within(tail);

        Assert.Equal(TextsOf(lines), output.Texts);
        Assert.Equal(TailEnd.Complete, end);
    }

    [Fact]
    public async Task A_pod_that_vanishes_while_it_is_followed_is_gone()
    {
        await Node.RunAsync(Container, Some.Lines(4));
        var output = new CollectingWriter();
        var tail = Streamer.TailLogsAsync(Node.Request(Container), output, CancellationToken.None);
        await Node.Within(output.LinesAsync(4));

        await Node.DeletePodAsync(Container);
        var end = await Node.Within(tail);

        Assert.Equal(TextsOf(Some.Lines(4)), output.Texts);
        Assert.Equal(TailEnd.SourceGone, end);
    }

    [Fact]
    public async Task A_pod_deleted_before_the_call_is_not_found()
    {
        await FinishedAsync(Some.Lines(3));
        await Node.DeletePodAsync(Container);

        var refusal = await RefusedAsync(Node.Request(Container));

        Assert.Equal(LogStreamError.NotFound, refusal.Error);
    }

    [Fact]
    public async Task The_uid_of_a_pod_whose_name_was_taken_again_is_not_found()
    {
        var second = Container with { PodUid = "bbbbbbbb-0a4b-4a5e-9d3e-1f0c5b7a8e21" };
        await FinishedAsync(Some.Lines(3));
        await Node.DeletePodAsync(Container);
        await Node.RunAsync(second, Some.Lines(4, first: 100));

        var refusal = await RefusedAsync(Node.Request(second) with { PodUid = Container.PodUid });

        Assert.Equal(LogStreamError.NotFound, refusal.Error);
    }
}
