using RunLogs.Abstractions;
using RunLogs.Testing;

namespace RunLogs.Plugins.Files.Tests;

public sealed class PathTests : FilesTests
{
    private static readonly SomeContainer Linked = Container with { Pod = "linked" };

    [Fact]
    public async Task A_name_that_leads_to_an_existing_file_outside_of_the_root_is_refused()
    {
        var outside = Directory.CreateTempSubdirectory("runlogs-outside-");
        Directory.CreateDirectory(Path.Combine(outside.FullName, "main"));
        await File.WriteAllTextAsync(Path.Combine(outside.FullName, "main", "0.log"), "2026-11-22T17:53:44Z stdout F secret\n");
        await Tree.RunAsync(Container, Some.Lines(1));

        var byUid = await RefusedAsync(Tree.Request(Container) with { PodUid = $"x/../../{outside.Name}" });
        var byContainer = await RefusedAsync(Tree.Request(Container) with { Container = $"../../{outside.Name}/main" });

        Assert.Equal([LogStreamError.InvalidRequest, LogStreamError.InvalidRequest], [byUid.Error, byContainer.Error]);
        outside.Delete(recursive: true);
    }

    [Theory]
    [InlineData("pod")]
    [InlineData("container")]
    [InlineData("file")]
    public async Task A_symbolic_link_that_leads_out_of_the_root_is_not_followed(string what)
    {
        var outside = Directory.CreateTempSubdirectory("runlogs-outside-");
        await using var other = new LogTree();
        await other.RunAsync(Linked, Some.Line("secret"));
        Link(what, other);

        var refusal = await RefusedAsync(Tree.Request(Linked));
        var byUid = await RefusedAsync(Tree.Request(Linked) with { PodUid = Linked.PodUid });

        Assert.Equal([LogStreamError.NotFound, LogStreamError.NotFound], [refusal.Error, byUid.Error]);
        outside.Delete();
    }

    [Theory]
    [InlineData("pod")]
    [InlineData("container")]
    [InlineData("file")]
    public async Task A_symbolic_link_within_the_root_is_followed(string what)
    {
        var target = Path.Combine(Tree.Root, "elsewhere");
        Directory.CreateDirectory(target);
        await Tree.RunAsync(Linked, Some.Line("found"));
        var path = PathOf(what, Tree);
        if (what == "file")
            File.Move(path, Path.Combine(target, "x"));
        else
            Directory.Move(path, Path.Combine(target, "x"));

        File.CreateSymbolicLink(path, Path.Combine(target, "x"));

        Assert.Equal(["found"], (await ReadOnceAsync(Tree.Request(Linked))).Texts);
    }

    [Fact]
    public async Task Rotation_is_noticed_behind_a_symbolic_link()
    {
        await Tree.RunAsync(Linked, Some.Lines(2));
        var target = Path.Combine(Tree.Root, "elsewhere");
        Directory.Move(Tree.DirectoryOf(Linked), target);
        File.CreateSymbolicLink(Tree.DirectoryOf(Linked), target);
        using var cancellation = new CancellationTokenSource();
        var output = new CollectingWriter();
        var tail = Streamer.TailLogsAsync(Tree.Request(Linked), output, cancellation.Token);
        await Tree.Within(output.LinesAsync(2));
        Tree.Time.Advance(TimeSpan.FromSeconds(10));

        Tree.Rotate(Linked, "20261122-180000");
        await Tree.WriteOnAsync(Linked, Some.Lines(2, first: 2));
        await Tree.Within(output.LinesAsync(4));

        Assert.Equal(TextsOf(Some.Lines(4)), output.Texts);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => tail.WaitAsync(FakeNode.Patience));
    }

    [Fact]
    public async Task A_root_reached_through_a_symbolic_link_is_read()
    {
        await Tree.RunAsync(Container, Some.Lines(3));
        var link = Tree.Root + "-link";
        File.CreateSymbolicLink(link, Tree.Root);
        await using var streamer = new FilesPlugin().Create(Some.PluginContext("Files", Tree.Time, new Dictionary<string, string?> { ["Root"] = link }));

        var output = await ReadOnceAsync(Tree.Request(Container), streamer);

        Assert.Equal(3, output.Lines.Count);
        File.Delete(link);
    }

    [Fact]
    public async Task Links_that_go_round_in_circles_end_in_a_refusal()
    {
        await Tree.RunAsync(Linked);
        File.Delete(Tree.FileOf(Linked));
        File.CreateSymbolicLink(Tree.FileOf(Linked), Tree.FileOf(Linked, 1));
        File.CreateSymbolicLink(Tree.FileOf(Linked, 1), Tree.FileOf(Linked));

        await RefusedAsync(Tree.Request(Linked));
    }

    private void Link(string what, LogTree other)
    {
        var path = PathOf(what, Tree);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.CreateSymbolicLink(path, PathOf(what, other));
    }

    private static string PathOf(string what, LogTree tree) => what switch
    {
        "pod" => Path.GetDirectoryName(tree.DirectoryOf(Linked))!,
        "container" => tree.DirectoryOf(Linked),
        _ => tree.FileOf(Linked),
    };
}
