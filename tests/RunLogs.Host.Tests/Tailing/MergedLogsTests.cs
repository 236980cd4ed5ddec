using System.Text;
using Grpc.Core;
using Microsoft.Extensions.Time.Testing;
using RunLogs.Abstractions;
using RunLogs.Host.Tailing;

namespace RunLogs.Host.Tests.Tailing;

public sealed class MergedLogsTests : IDisposable
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly TailSignal _signal;
    private readonly TailChannel[] _channels;
    private readonly MergedLogs _merged;

    public MergedLogsTests()
    {
        _signal = new TailSignal(_time);
        _channels = [.. Enumerable.Range(0, 3).Select(log => new TailChannel(1024 * 1024, log, _signal))];
        _merged = new MergedLogs(_channels, ["a", "b", "c"], _signal, _time);
    }

    public void Dispose()
    {
        _merged.Dispose();
        Array.ForEach(_channels, channel => channel.Drain());
    }

    [Fact]
    public void Lines_come_in_the_order_of_their_times()
    {
        Write(0, (10, "a10"), (30, "a30"), (31, "a31"));
        Write(1, (20, "b20"), (40, "b40"));
        Write(2, (25, "c25"), (35, "c35"));
        End(0, 1, 2);

        Assert.Equal(["a10", "b20", "c25", "a30", "a31", "c35", "b40"], ReadAll());
    }

    [Fact]
    public void A_line_waits_for_logs_that_may_bring_an_earlier_one()
    {
        Write(0, (10, "a10"), (30, "a30"));
        Write(1, (20, "b20"));

        var before = ReadAll();
        Write(2, (15, "c15"), (50, "c50"));
        var after = ReadAll();

        Assert.Empty(before);
        Assert.Equal(["a10", "c15", "b20"], after);
    }

    [Fact]
    public async Task It_waits_no_longer_than_a_second_and_late_lines_are_delivered()
    {
        Write(0, Now("a"));
        var waiting = _merged.WaitToReadAsync(CancellationToken.None).AsTask();
        _time.Advance(TimeSpan.FromMilliseconds(999));
        var tooEarly = waiting.IsCompleted;
        _time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.False(tooEarly);
        Assert.True(await waiting.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken));
        Assert.Equal(["a"], ReadAll());
        Write(1, (1, "late"));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(["late"], ReadAll());
    }

    [Fact]
    public void The_order_within_a_log_is_never_changed_and_lines_without_a_time_stay_with_their_predecessor()
    {
        Write(0, (30, "a30"), (10, "a10"), (null, "a?"), (40, "a40"));
        Write(1, (20, "b20"), (35, "b35"));
        Write(2, (null, "c?"), (36, "c36"));
        End(0, 1, 2);

        Assert.Equal(["c?", "b20", "a30", "a10", "a?", "b35", "c36", "a40"], ReadAll());
    }

    [Fact]
    public void A_silent_log_does_not_slow_down_old_lines_of_another()
    {
        Assert.Empty(ReadAll());
        _time.Advance(TimeSpan.FromSeconds(1));
        for (var round = 0; round < 100; round++)
        {
            Write(0, (round, $"{round}"));

            Assert.Equal([$"{round}"], ReadAll());
        }
    }

    [Fact]
    public void Runs_carry_their_instance_and_the_first_its_facts_and_notices()
    {
        var batch = Batch((10, "a10"), (30, "a30"), (50, "a50"));
        batch.Instance = new ContainerInstance { RestartCount = 1 };
        batch.Facts = new ContainerFacts();
        batch.Add(new LogNotice(LogNoticeKind.LineCut, "cut"));
        Assert.True(_channels[0].TryWrite(new TailItem(batch, "Kubernetes", LogSourceKind.Live, 0)));
        Write(1, (20, "b20"), (40, "b40"));
        End(0, 1, 2);

        var runs = new List<(int Log, int? Instance, bool Facts, int Notices)>();
        while (_merged.TryRead(out var item))
        {
            runs.Add((item.Log, item.Batch.Instance?.RestartCount, item.Batch.Facts is not null, item.Batch.Notices.Count));
            item.Dispose();
        }

        Assert.Equal([(0, 1, true, 1), (1, null, false, 0), (0, 1, false, 0), (1, null, false, 0), (0, 1, false, 0)], runs);
    }

    [Fact]
    public async Task A_log_that_fails_is_told_of_once_another_is_open()
    {
        _channels[1].Complete(new TailFailedException(StatusCode.NotFound, "pod b not found"));
        var before = _merged.HasItems;
        Write(0, (10, "a10"));

        Assert.False(before);
        Assert.True(_merged.TryRead(out var told));
        Assert.Equal((1, LogNoticeKind.SourceFailed), (told.Log, Assert.Single(told.Batch.Notices).Kind));
        Assert.Equal("The log of b cannot be read, and the others go on without it: pod b not found", told.Batch.Notices[0].Message);
        End(0, 2);
        Assert.Equal(["a10"], ReadAll());
        Assert.False(await _merged.WaitToReadAsync(CancellationToken.None));
    }

    [Fact]
    public async Task When_all_fail_their_verdicts_are_combined()
    {
        var verdict = new Verdict("Kubernetes", LogSourceKind.Live, StatusCode.PermissionDenied, "FORBIDDEN", "forbidden");
        _channels[0].Complete(new TailFailedException(StatusCode.NotFound, "pod a not found"));
        _channels[1].Complete(new TailFailedException(StatusCode.PermissionDenied, "forbidden", [verdict]));
        _channels[2].Complete(new TailFailedException(StatusCode.NotFound, "pod a not found"));

        var failure = await Assert.ThrowsAsync<TailFailedException>(() => _merged.WaitToReadAsync(CancellationToken.None).AsTask());

        Assert.Equal((StatusCode.PermissionDenied, "pod a not found; forbidden"), (failure.Code, failure.Message));
        Assert.Equal([verdict], failure.Verdicts);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Any_interleaving_keeps_every_log_whole(int seed)
    {
        var random = new Random(seed);
        var written = new List<string>[] { [], [], [] };
        var read = new List<string>();
        for (var round = 0; round < 500; round++)
        {
            var log = random.Next(3);
            var lines = Enumerable.Range(written[log].Count, random.Next(1, 20)).Select(i => ((long?)random.Next(round, round + 5), $"{log}-{i}")).ToArray();
            written[log].AddRange(lines.Select(line => line.Item2));
            Write(log, lines);
            _time.Advance(TimeSpan.FromMilliseconds(random.Next(300)));
            read.AddRange(ReadAll());
        }

        End(0, 1, 2);
        read.AddRange(ReadAll());

        for (var log = 0; log < 3; log++)
        {
            Assert.Equal(written[log], read.Where(line => line[0] == '0' + log));
        }
    }

    private static LogBatch Batch(params (long? Second, string Text)[] lines)
    {
        var batch = new LogBatch();
        foreach (var (second, text) in lines)
        {
            var time = second is { } known ? LogTimestamp.FromUnixSeconds(known) : LogTimestamp.None;
            Assert.True(batch.TryAppend(time, Encoding.UTF8.GetBytes(text), OutputStream.Stdout, LogOriginator.User, LineEnd.LineFeed));
        }

        return batch;
    }

    private (long?, string) Now(string text) => (_time.GetUtcNow().ToUnixTimeSeconds(), text);

    private void Write(int log, params (long? Second, string Text)[] lines) =>
        Assert.True(_channels[log].TryWrite(new TailItem(Batch(lines), "Kubernetes", LogSourceKind.Live, log)));

    private void End(params int[] logs) => Array.ForEach(logs, log => _channels[log].Complete(null));

    private List<string> ReadAll()
    {
        var lines = new List<string>();
        while (_merged.TryRead(out var item))
        {
            foreach (ref readonly var entry in item.Batch.Entries)
            {
                lines.Add(Encoding.UTF8.GetString(item.Batch.TextOf(entry)));
            }

            item.Dispose();
        }

        return lines;
    }
}
