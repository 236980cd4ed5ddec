using RunLogs.Abstractions;
using RunLogs.Testing;

namespace RunLogs.Plugins.Kubernetes.Tests;

/// <summary>Logs whose files the kubelet rotates.</summary>
public sealed class RotationTests : FakeClusterTests
{
    [Fact]
    public async Task A_reader_that_keeps_up_gets_every_line_over_rotations_once()
    {
        var container = Pod.Container("c");
        var (output, tail) = Start(Request);
        await Clock.Within(Api.StreamsOpenAsync(1));
        for (var file = 0; file < 10; file++)
        {
            container.Append(Enumerable.Range(file * 100, 100).Select(i => Some.Line($"line {i}")));
            await Clock.Within(output.LinesAsync((file + 1) * 100));
            container.Rotate();
        }

        container.Append("the last one");
        container.Terminate();

        Assert.Equal(TailEnd.Complete, await Clock.Within(tail));
        Assert.Equal([.. Enumerable.Range(0, 1000).Select(i => $"line {i}"), "the last one"], output.Texts);
    }

    [Fact]
    public async Task Without_follow_only_the_current_file_is_served_whatever_is_asked_for()
    {
        var container = Pod.Container("c");
        container.Append(Enumerable.Range(0, 100).Select(i => Some.Line($"line {i}")));
        container.Rotate();
        container.Append([Some.Line("current")]);

        Assert.Equal(["current"], (await ReadAsync(Request with { Follow = FollowMode.Never })).Output.Texts);
        Assert.Equal(["current"], (await ReadAsync(Request with { Follow = FollowMode.Never, TailLines = 50 })).Output.Texts);
        Assert.Equal(["current"], (await ReadAsync(Request with { Follow = FollowMode.Never, Since = Some.Start })).Output.Texts);
    }

    [Fact]
    public async Task A_kubelet_that_cannot_write_skips_files_and_sends_the_current_one_four_times()
    {
        var container = Pod.Container("c");
        container.Append(Lines(0, 10));
        using var client = new HttpClient();
        using var body = new StreamReader(await client.GetStreamAsync(new Uri($"{Api.Url}/api/v1/namespaces/rig/pods/ticker/log?follow=true")));
        await body.ReadLineAsync();
        var stream = Api.Streams.Single();

        stream.Stall();
        container.Append(Lines(10, 1));
        for (var file = 0; file < 4; file++)
        {
            container.Append(Lines(11 + (file * 100), 100));
            container.Rotate();
        }

        container.Append(Lines(411, 50));
        stream.GoOn();
        container.Terminate();
        var lines = (await body.ReadToEndAsync().WaitAsync(FakeNode.Patience)).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        // The open file to its end, three files lost, and the current one once and three times again.
        string[] current = [.. Enumerable.Range(411, 50).Select(i => $"line {i}")];
        Assert.Equal([.. Enumerable.Range(1, 110).Select(i => $"line {i}"), .. current, .. current, .. current, .. current], lines);
    }

    private static IEnumerable<WrittenLine> Lines(int first, int count) => Enumerable.Range(first, count).Select(i => Some.Line($"line {i}"));
}
