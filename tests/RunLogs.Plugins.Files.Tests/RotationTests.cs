using System.Globalization;
using RunLogs.Abstractions;
using RunLogs.Testing;

namespace RunLogs.Plugins.Files.Tests;

public sealed class RotationTests : FilesTests
{
    [Fact]
    public async Task Rotated_files_come_oldest_first_whether_compressed_or_not()
    {
        var lines = Some.Lines(40);
        for (var i = 0; i < 3; i++)
        {
            await Tree.RunAsync(Container, lines[(i * 10)..((i + 1) * 10)]);
            var rotated = Tree.Rotate(Container, Rotation(i));
            if (i < 2)
                LogTree.Compress(rotated);
        }

        await Tree.WriteOnAsync(Container, lines[30..]);

        var output = await ReadOnceAsync();

        Assert.Equal(TextsOf(lines), output.Texts);
        Assert.Equal(["0.log", $"0.log.{Rotation(0)}.gz", $"0.log.{Rotation(1)}.gz", $"0.log.{Rotation(2)}"], Tree.Files(Container));
    }

    [Fact]
    public async Task A_file_that_is_there_compressed_and_not_counts_once()
    {
        var lines = Some.Lines(20);
        await Tree.RunAsync(Container, lines[..10]);
        var rotated = Tree.Rotate(Container, Rotation(0));
        var copy = await File.ReadAllBytesAsync(rotated);
        LogTree.Compress(rotated);
        await File.WriteAllBytesAsync(rotated, copy);
        await File.WriteAllBytesAsync(rotated + ".tmp", copy);
        await Tree.WriteOnAsync(Container, lines[10..]);

        var output = await ReadOnceAsync();

        Assert.Equal(TextsOf(lines), output.Texts);
    }

    [Fact]
    public async Task A_line_may_begin_in_one_file_and_end_in_the_next()
    {
        await WriteRawAsync("2026-11-22T17:53:44Z stdout P begun \n");
        LogTree.Compress(Tree.Rotate(Container, Rotation(0)));
        await WriteRawAsync("2026-11-22T17:53:45Z stdout F and ended\n");

        Assert.Equal(["begun and ended"], (await ReadOnceAsync()).Texts);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    [InlineData(10)]
    [InlineData(11)]
    [InlineData(25)]
    [InlineData(35)]
    [InlineData(40)]
    [InlineData(50)]
    public async Task TailLines_reaches_into_rotated_files(int count)
    {
        var lines = Some.Lines(40);
        for (var i = 0; i < 3; i++)
        {
            await Tree.WriteOnAsync(Container, lines[(i * 10)..((i + 1) * 10)]);
            var rotated = Tree.Rotate(Container, Rotation(i));
            if (i == 0)
                LogTree.Compress(rotated);
        }

        await Tree.WriteOnAsync(Container, lines[30..]);

        var output = await ReadOnceAsync(Tree.Request(Container) with { TailLines = count });

        Assert.Equal(TextsOf(lines[^Math.Min(count, 40)..]), output.Texts);
    }

    [Fact]
    public async Task TailLines_of_a_large_file_reads_only_its_end()
    {
        var lines = Some.Lines(200_000);
        await Tree.RunAsync(Container, lines);
        // Damage far from the end is met by whoever reads the whole file.
        await using (var file = File.OpenWrite(Tree.FileOf(Container)))
            await file.WriteAsync("XXXX"u8.ToArray());

        var whole = await ReadOnceAsync();
        var tail = await ReadOnceAsync(Tree.Request(Container) with { TailLines = 1000 });

        Assert.StartsWith("XXXX", whole.Texts[0], StringComparison.Ordinal);
        Assert.Equal(TextsOf(lines[^1000..]), tail.Texts);
    }

    [Fact]
    public async Task TailLines_begins_with_whole_lines_where_streams_are_interleaved()
    {
        await WriteRawAsync("""
            2026-11-22T17:53:43Z stdout F before
            2026-11-22T17:53:44Z stdout P begun long ago, 
            2026-11-22T17:53:45Z stderr F error 1
            2026-11-22T17:53:46Z stderr F error 2
            2026-11-22T17:53:47Z stdout F ended at last

            """);

        var one = await ReadOnceAsync(Tree.Request(Container) with { TailLines = 1 });
        var two = await ReadOnceAsync(Tree.Request(Container) with { TailLines = 2 });

        Assert.Equal(["begun long ago, ended at last"], one.Texts);
        Assert.Equal(["error 2", "begun long ago, ended at last"], two.Texts);
    }

    [Fact]
    public async Task Following_across_rotation_compression_and_deletion_is_exact()
    {
        const int Rotations = 10, LinesPerFile = 10_000;
        var lines = Some.Lines(Rotations * LinesPerFile);
        // Equal times and equal texts among them.
        for (var i = 0; i < lines.Length; i += 50)
            lines[i] = Some.Line("the same");

        await Tree.RunAsync(Container, lines[..100]);
        using var cancellation = new CancellationTokenSource();
        var output = new CollectingWriter();
        var tail = Streamer.TailLogsAsync(Tree.Request(Container), output, cancellation.Token);
        await Tree.Within(output.LinesAsync(100));

        var rotated = new Queue<string>();
        for (var i = 0; i < Rotations; i++)
        {
            for (var at = i == 0 ? 100 : i * LinesPerFile; at < (i + 1) * LinesPerFile; at += 2475)
                await Tree.WriteOnAsync(Container, lines[at..Math.Min(at + 2475, (i + 1) * LinesPerFile)]);

            if (i == Rotations - 1)
                break;

            // The kubelet's round: delete the oldest, compress the last but one, rename the newest.
            if (rotated.Count == 3)
            {
                // It keeps files for much longer than a follower that is awake needs to open them.
                await Tree.Within(output.LinesAsync((i - 2) * LinesPerFile));
                File.Delete(rotated.Dequeue() + ".gz");
            }

            if (rotated.Count > 0)
                LogTree.Compress(rotated.Last());

            rotated.Enqueue(Tree.Rotate(Container, Rotation(i)));
        }

        await Tree.Within(output.LinesAsync(lines.Length));
        Assert.Equal(TextsOf(lines), output.Texts);
        Assert.Equal(lines.Select(line => line.Timestamp), output.Lines.Select(line => line.Timestamp));
        Assert.Empty(output.Notices);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => tail.WaitAsync(FakeNode.Patience));
    }

    [Fact]
    public async Task What_the_runtime_writes_into_a_renamed_file_is_not_lost()
    {
        var lines = Some.Lines(6);
        await Tree.RunAsync(Container, lines[..2]);
        using var cancellation = new CancellationTokenSource();
        var output = new CollectingWriter();
        var tail = Streamer.TailLogsAsync(Tree.Request(Container), output, cancellation.Token);
        await Tree.Within(output.LinesAsync(2));

        var rotated = Tree.Rotate(Container, Rotation(0));
        await Tree.WriteOnAsync(Container, lines[4..]);
        await File.AppendAllBytesAsync(rotated, CriLog.Encode(lines[2..4]));
        await Tree.Within(output.LinesAsync(6));

        Assert.Equal(TextsOf(lines), output.Texts);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => tail.WaitAsync(FakeNode.Patience));
    }

    [Fact]
    public async Task Files_that_came_and_went_unread_are_announced_as_lost()
    {
        var lines = Some.Lines(30);
        await Tree.RunAsync(Container, lines[..10]);
        using var cancellation = new CancellationTokenSource();
        var output = new CollectingWriter();
        var tail = Streamer.TailLogsAsync(Tree.Request(Container), output, cancellation.Token);
        await Tree.Within(output.LinesAsync(10));

        // The clock stands still: the streamer sees nothing of this until all is done.
        File.Delete(Tree.Rotate(Container, Rotation(0)));
        await Tree.WriteOnAsync(Container, lines[10..20]);
        File.Delete(Tree.Rotate(Container, Rotation(1)));
        await Tree.WriteOnAsync(Container, lines[20..]);
        await Tree.Within(output.LinesAsync(20));

        Assert.Equal([.. TextsOf(lines[..10]), .. TextsOf(lines[20..])], output.Texts);
        Assert.Contains(output.Notices, notice => notice.Kind == LogNoticeKind.LinesLost);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => tail.WaitAsync(FakeNode.Patience));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(15L)]
    public async Task A_damaged_compressed_file_is_announced_and_the_rest_is_read(long? tailLines)
    {
        var lines = Some.Lines(20);
        await Tree.RunAsync(Container, lines[..10]);
        var rotated = Tree.Rotate(Container, Rotation(0));
        await File.WriteAllTextAsync(rotated + ".gz", "this is no gzip file, however it is called");
        File.Delete(rotated);
        await Tree.WriteOnAsync(Container, lines[10..]);

        var output = await ReadOnceAsync(Tree.Request(Container) with { TailLines = tailLines });

        Assert.Equal(TextsOf(lines[10..]), output.Texts);
        Assert.Contains(output.Notices, notice => notice.Kind == LogNoticeKind.LinesLost);
    }

    [Fact]
    public async Task A_truncated_file_is_announced_and_read_from_its_beginning()
    {
        var lines = Some.Lines(20);
        await Tree.RunAsync(Container, lines[..15]);
        using var cancellation = new CancellationTokenSource();
        var output = new CollectingWriter();
        var tail = Streamer.TailLogsAsync(Tree.Request(Container), output, cancellation.Token);
        await Tree.Within(output.LinesAsync(15));

        await File.WriteAllBytesAsync(Tree.FileOf(Container), CriLog.Encode(lines[15..]));
        await Tree.Within(output.LinesAsync(20));

        Assert.Equal(TextsOf(lines), output.Texts);
        Assert.Contains(output.Notices, notice => notice.Kind == LogNoticeKind.LinesLost);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => tail.WaitAsync(FakeNode.Patience));
    }

    private static string Rotation(int round) => string.Create(CultureInfo.InvariantCulture, $"20261122-18{round:D2}00");
}
