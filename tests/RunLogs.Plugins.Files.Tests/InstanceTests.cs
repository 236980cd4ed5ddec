using RunLogs.Abstractions;
using RunLogs.Testing;

namespace RunLogs.Plugins.Files.Tests;

public sealed class InstanceTests : FilesTests
{
    [Fact]
    public async Task Ten_comes_after_nine()
    {
        await Tree.WriteAsync(Container, 9, Some.Line("nine"));
        await Tree.WriteAsync(Container, 10, Some.Line("ten"));

        var newest = await ReadOnceAsync();
        var previous = await ReadOnceAsync(Tree.Request(Container) with { Previous = true });

        Assert.Equal(["ten"], newest.Texts);
        Assert.Equal(["nine"], previous.Texts);
        Assert.Equal(9, previous.Instances[0].RestartCount);
    }

    [Fact]
    public async Task An_instance_that_is_gone_is_announced_and_those_after_it_come()
    {
        await Tree.WriteAsync(Container, 2, Some.Line("two"));
        await Tree.WriteAsync(Container, 5, Some.Line("five"));

        var output = await ReadOnceAsync(Tree.Request(Container) with { Instance = new ContainerInstance { RestartCount = 1 } });

        Assert.Equal(["two", "five"], output.Texts);
        Assert.Equal(2, output.Notices.Count(notice => notice.Kind == LogNoticeKind.LinesLost));
    }

    [Fact]
    public async Task An_instance_after_the_newest_is_not_found()
    {
        await Tree.WriteAsync(Container, 2, Some.Line("two"));

        var refusal = await RefusedAsync(Tree.Request(Container) with { Instance = new ContainerInstance { RestartCount = 3 } });

        Assert.Equal(LogStreamError.NotFound, refusal.Error);
    }

    [Fact]
    public async Task An_instance_known_by_its_container_id_only_is_the_newest()
    {
        await Tree.WriteAsync(Container, 0, Some.Line("zero"));
        await Tree.WriteAsync(Container, 1, Some.Line("one"));

        var output = await ReadOnceAsync(Tree.Request(Container) with { Instance = new ContainerInstance { ContainerId = "4f2a" } });

        Assert.Equal(["one"], output.Texts);
    }

    [Fact]
    public async Task Rotated_files_of_each_instance_stay_its_own()
    {
        await Tree.WriteAsync(Container, 0, Some.Line("zero, first"));
        LogTree.Compress(Tree.Rotate(Container, "20261122-180000"));
        await Tree.WriteAsync(Container, 0, Some.Line("zero, second") with { NewLine = false });
        await Tree.WriteAsync(Container, 1, Some.Line("one, first"));
        Tree.Rotate(Container, "20261122-180100", instance: 1);
        await Tree.WriteAsync(Container, 1, Some.Line("one, second"));

        var output = await ReadOnceAsync(Tree.Request(Container) with { Instance = new ContainerInstance { RestartCount = 0 } });

        Assert.Equal(["zero, first", "zero, second", "one, first", "one, second"], output.Texts);
        Assert.Equal([LineEnd.LineFeed, LineEnd.None, LineEnd.LineFeed, LineEnd.LineFeed], output.Lines.Select(line => line.End));
        Assert.Single(output.Notices, notice => notice.Kind == LogNoticeKind.InstanceRestarted);
    }
}
