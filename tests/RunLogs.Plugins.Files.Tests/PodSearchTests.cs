using RunLogs.Abstractions;
using RunLogs.Testing;

namespace RunLogs.Plugins.Files.Tests;

/// <summary>Three pods of one name, one after the other: from 10:00, 11:00 and 12:00 on, for half an hour each.</summary>
public sealed class PodSearchTests : FilesTests
{
    [Theory]
    [InlineData(null, null, "third")]
    [InlineData("10:00:00", null, "first")]
    [InlineData("11:00:00", null, "second")]
    [InlineData("11:00:01.5", null, "second")]
    [InlineData("11:20:00", null, "second")] // had restarted
    [InlineData("10:45:00", null, "second")] // was silent at first
    [InlineData("13:00:00", null, "third")] // has been silent since
    [InlineData(null, "11:30:00", "second")]
    [InlineData(null, "10:00:00", "first")]
    [InlineData("10:45:00", "10:50:00", "first")]
    public async Task Pods_of_one_name_are_told_apart_by_time(string? start, string? end, string expected)
    {
        await WriteThreePodsAsync();

        var output = await ReadOnceAsync(Tree.Request(Container) with { ContainerStart = At(start), EndedAt = At(end) });

        Assert.Equal([$"{expected} begins", $"{expected} ends"], output.Texts);
    }

    [Theory]
    [InlineData("first")]
    [InlineData("second")]
    [InlineData("third")]
    public async Task A_uid_beats_every_time(string uid)
    {
        await WriteThreePodsAsync();

        var output = await ReadOnceAsync(Tree.Request(Container) with { PodUid = uid, ContainerStart = At("11:00:00") });

        Assert.Equal([$"{uid} begins", $"{uid} ends"], output.Texts);
        Assert.Equal(uid, output.Facts[0].PodUid);
    }

    [Fact]
    public async Task A_pod_that_began_after_the_end_asked_for_is_another_one()
    {
        await WriteThreePodsAsync();

        var refusal = await RefusedAsync(Tree.Request(Container) with { EndedAt = At("09:00:00") });

        Assert.Equal(LogStreamError.NotFound, refusal.Error);
    }

    [Fact]
    public async Task A_pod_that_has_written_nothing_yet_is_the_newest()
    {
        await WriteThreePodsAsync();
        await Tree.RunAsync(Container with { PodUid = "zero" });

        Assert.Empty((await ReadOnceAsync()).Lines);
    }

    [Fact]
    public async Task A_pod_whose_name_only_begins_alike_is_another_one()
    {
        await Tree.RunAsync(Container with { Pod = Container.Pod + "-more" }, Some.Lines(1));
        await Tree.RunAsync(Container with { Namespace = "a", Pod = "b.c" }, Some.Lines(1));

        Assert.Equal(LogStreamError.NotFound, (await RefusedAsync(Tree.Request(Container))).Error);
        Assert.Single((await ReadOnceAsync(Tree.Request(Container) with { Namespace = "a", Pod = "b.c" })).Lines);
    }

    [Fact]
    public async Task The_start_is_told_where_nothing_can_have_been_rotated_away()
    {
        await Tree.RunAsync(Container, Some.Lines(2));
        var whole = await ReadOnceAsync();
        Tree.Rotate(Container, "20261122-180000");
        await Tree.WriteOnAsync(Container, Some.Lines(2, first: 2));
        var rotated = await ReadOnceAsync();

        Assert.Equal(Some.Start, whole.Facts[0].StartedAt);
        Assert.Null(rotated.Facts[0].StartedAt);
    }

    private async Task WriteThreePodsAsync()
    {
        foreach (var (uid, hour) in new[] { ("second", 11), ("third", 12), ("first", 10) })
            await Tree.RunAsync(Container with { PodUid = uid }, Some.Line($"{uid} begins", At($"{hour}:00:02")), Some.Line($"{uid} ends", At($"{hour}:30:00")));
    }

    private static LogTimestamp? At(string? time) => time is null ? null : Some.Time($"2026-11-22T{time}Z");
}
