using System.Globalization;
using RunLogs.Abstractions;
using RunLogs.Testing;

namespace RunLogs.Plugins.Kubernetes.Tests;

/// <summary>Logs whose files the kubelet rotates.</summary>
public sealed class RotationTests : FakeClusterTests
{
    private const int LineLength = 1000;

    // More than all the buffers between a kubelet and a client that takes nothing.
    private const int FirstFile = 24_000;
    private const int LaterFile = 100;

    [Fact]
    public async Task A_fast_reader_gets_60000_lines_over_10_rotations_without_loss_or_repeat()
    {
        Pod.MaxLogFileBytes = 50_000;
        var container = Pod.Container("c");
        var (output, tail) = Start(Request);
        await Clock.Within(Api.StreamsOpenAsync(1));
        for (var file = 0; file < 10; file++)
        {
            container.Append(Lines(file * 6000, 6000));
            await Clock.Within(output.LinesAsync((file + 1) * 6000));
        }

        container.Append("the last one");
        await Clock.Within(output.LinesAsync(60_001));
        container.Terminate();

        Assert.Equal(TailEnd.Complete, await Clock.Within(tail));
        Assert.Equal([.. Texts(0, 60_000), "the last one"], output.Texts);
    }

    [Fact]
    public async Task A_container_that_exits_before_its_kubelet_saw_the_rotation_is_not_taken_for_complete()
    {
        var container = Pod.Container("c");
        container.Append(Lines(0, 10));
        var (output, tail) = Start(Request);
        await Clock.Within(output.LinesAsync(10));

        Api.Kubelet = Testing.Kubernetes.FakeKubelet.Hung;
        container.Rotate();
        container.Append(Lines(10, 10));
        container.Terminate();
        Api.Kubelet = Testing.Kubernetes.FakeKubelet.Running;

        Assert.Equal("STREAM_ENDED", (await RefusedAsync(tail)).Reason);
        Assert.Equal(Texts(0, 10), output.Texts);
        Assert.Equal(Texts(10, 10), (await ReadAsync(Request)).Output.Texts);
    }

    [Fact]
    public async Task Without_follow_only_the_current_file_is_served_whatever_is_asked_for()
    {
        Pod.MaxLogFileBytes = 100_000;
        var container = Pod.Container("c");
        container.Append(Lines(0, 100_000));
        container.Append(Lines(100_000, 200));

        Assert.Equal(Texts(100_000, 200), (await ReadAsync(Request with { Follow = FollowMode.Never })).Output.Texts);
        Assert.Equal(Texts(100_000, 200), (await ReadAsync(Request with { Follow = FollowMode.Never, TailLines = 100_000 })).Output.Texts);
        Assert.Equal(Texts(100_000, 200), (await ReadAsync(Request with { Follow = FollowMode.Never, Since = Some.Start })).Output.Texts);
    }

    [Fact]
    public async Task A_slow_reader_without_us_loses_300_lines_in_one_gap_and_gets_the_current_file_four_times()
    {
        Pod.MaxLogFileBytes = LaterFile * LineLength;
        var container = Pod.Container("c");
        using var client = new HttpClient();
        using var body = new StreamReader(await client.GetStreamAsync(new Uri($"{Api.Url}/api/v1/namespaces/rig/pods/ticker/log?follow=true")));

        // It does not read while the file it is in ends, three more begin and end, and the current one begins.
        container.Append(LongLines(0, FirstFile));
        for (var file = 0; file < 3; file++)
            container.Append(LongLines(FirstFile + (file * LaterFile), LaterFile));

        container.Append(LongLines(FirstFile + (3 * LaterFile), 50));
        var numbers = await ReadNumbersAsync(body, FirstFile + (4 * 50));

        int[] current = [.. Enumerable.Range(FirstFile + 300, 50)];
        Assert.Equal([.. Enumerable.Range(0, FirstFile), .. current, .. current, .. current, .. current], numbers);
    }

    [Fact]
    public async Task A_slow_reader_behind_us_gets_no_line_twice_and_the_gap_is_where_the_files_are_gone()
    {
        Pod.MaxLogFileBytes = LaterFile * LineLength;
        var container = Pod.Container("c");
        var output = new BoundedWriter(500);
        await using var streamer = Streamer();
        var tail = streamer.TailLogsAsync(Request, output, TestContext.Current.CancellationToken);
        await Clock.Within(Api.StreamsOpenAsync(1));

        container.Append(LongLines(0, FirstFile));
        await Clock.Within(Api.StreamsClosedAsync());
        for (var file = 0; file < 3; file++)
            container.Append(LongLines(FirstFile + (file * LaterFile), LaterFile));

        container.Append(LongLines(FirstFile + 300, 50));
        container.Terminate();
        output.Open();
        Assert.Equal("SLOW_CLIENT", (await RefusedAsync(tail)).Reason);
        var taken = output.Texts.Count;
        var again = new CollectingWriter();
        var end = await Clock.Within(streamer.TailLogsAsync(Request with { Since = output.Last }, again, TestContext.Current.CancellationToken));

        Assert.Equal(TailEnd.Complete, end);
        Assert.InRange(taken, 500, FirstFile - 1);
        Assert.Equal(Enumerable.Range(0, taken), output.Texts.Select(Number));
        Assert.Equal(Enumerable.Range(FirstFile + 300, 50), again.Texts.Select(Number));
    }

    [Fact]
    public async Task A_slow_reader_behind_us_loses_nothing_while_the_file_it_was_in_is_there()
    {
        var container = Pod.Container("c");
        var output = new BoundedWriter(500);
        await using var streamer = Streamer();
        var tail = streamer.TailLogsAsync(Request, output, TestContext.Current.CancellationToken);
        await Clock.Within(Api.StreamsOpenAsync(1));

        container.Append(LongLines(0, FirstFile));
        await Clock.Within(Api.StreamsClosedAsync());
        container.Append(LongLines(FirstFile, 350));
        container.Terminate();
        output.Open();
        Assert.Equal("SLOW_CLIENT", (await RefusedAsync(tail)).Reason);
        var again = new CollectingWriter();
        await Clock.Within(streamer.TailLogsAsync(Request with { Since = output.Last }, again, TestContext.Current.CancellationToken));

        // The lines have times of their own: only the last one that was taken comes again.
        Assert.Equal(output.Texts[^1], again.Texts[0]);
        Assert.Equal(Enumerable.Range(0, FirstFile + 350), output.Texts.Concat(again.Texts.Skip(1)).Select(Number));
    }

    private ILogStreamer Streamer() =>
        new KubernetesPlugin().Create(Some.PluginContext("Kubernetes", Clock.Time, new Dictionary<string, string?> { ["KubeConfig"] = Api.KubeConfigPath, ["HeaderTimeout"] = "1.00:00:00" }));

    private static IEnumerable<WrittenLine> Lines(int first, int count) => Texts(first, count).Select((text, i) => Some.Line(text, At(first + i)));

    private static IEnumerable<WrittenLine> LongLines(int first, int count) =>
        Texts(first, count).Select((text, i) => Some.Line(text.PadRight(LineLength, '.'), At(first + i)));

    private static LogTimestamp At(int line) => new(Some.Start.UnixNanoseconds + (line * 1_000_000L));

    private static IEnumerable<string> Texts(int first, int count) => Enumerable.Range(first, count).Select(i => $"line {i}");

    private static int Number(string line) => int.Parse(line.TrimEnd('.')["line ".Length..], CultureInfo.InvariantCulture);

    private static async Task<List<int>> ReadNumbersAsync(StreamReader body, int count)
    {
        List<int> numbers = [];
        while (numbers.Count < count)
            numbers.Add(Number((await body.ReadLineAsync().WaitAsync(FakeNode.Patience))!));

        return numbers;
    }
}
