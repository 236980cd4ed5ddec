using System.Globalization;
using RunLogs.Abstractions;
using RunLogs.Host.Tailing;

namespace RunLogs.Host.Tests.Tailing;

/// <summary>A tail that goes on in another source delivers every line once, wherever the first one ended.</summary>
public sealed class SeamTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, int.Parse(Environment.GetEnvironmentVariable("RUNLOGS_SEEDS") ?? "4", CultureInfo.InvariantCulture))];

    [Theory]
    [MemberData(nameof(Seeds))]
    public Task The_same_source_again_is_exact(int seed) => AssertExactAsync(seed, lines => KeptLog.Live(lines));

    [Theory]
    [MemberData(nameof(Seeds))]
    public Task An_archive_with_whole_times_is_exact(int seed) => AssertExactAsync(seed, lines => new KeptLog(lines));

    [Theory]
    [MemberData(nameof(Seeds))]
    public Task An_archive_in_milliseconds_is_exact(int seed) => AssertExactAsync(seed, KeptLog.InMilliseconds);

    [Theory]
    [MemberData(nameof(Seeds))]
    public Task An_archive_sorted_by_milliseconds_lacks_and_repeats_nothing(int seed) => AssertExactAsync(seed, KeptLog.SortedByMilliseconds, inOrder: false);

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task An_archive_sorted_by_nanoseconds_lacks_nothing_and_repeats_only_what_it_says(int seed)
    {
        await foreach (var (tail, all, gone, why) in HandedOverAsync(seed, KeptLog.SortedByNanoseconds))
        {
            if (tail.Doubt == SeamDoubt.None)
            {
                AssertSameLines(all, tail.Lines, why);
            }
            else
            {
                // Of a millisecond whose lines are not all remembered one by one, the order is all there is.
                Assert.True(gone > LineTail.Capacity, why);
                AssertHolds(all, tail.Lines, why);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task A_tail_that_goes_from_an_archive_to_the_live_source_and_back_is_exact(int seed)
    {
        var random = new Random(seed);
        var log = SeamLogs.Random(random);
        var all = SeamLogs.Entries(log);
        for (var gone = 1; gone < log.Count; gone++)
        {
            using var tail = new JoinedTail();
            await tail.ReadAsync(KeptLog.InMilliseconds(log[..gone]));
            await tail.ReadAsync(KeptLog.Live(log, goneAfter: random.Next(1, all.Count)));
            tail.Resume();
            await tail.ReadAsync(KeptLog.InMilliseconds(log));

            var why = $"seed {seed}, {gone} lines in the archive";
            Assert.True(tail.Doubt == SeamDoubt.None, why);
            Assert.True(all.SequenceEqual(tail.Lines), why);
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task An_archive_that_lacks_the_newest_lines_is_waited_for(int seed)
    {
        var random = new Random(seed);
        var log = SeamLogs.Random(random);
        var all = SeamLogs.Entries(log);
        for (var gone = 1; gone < all.Count; gone++)
        {
            using var tail = new JoinedTail();
            await tail.ReadAsync(KeptLog.Live(log, gone));
            await tail.ReadAsync(KeptLog.InMilliseconds(log[..random.Next(log.Count)]));
            await tail.ReadAsync(KeptLog.InMilliseconds(log[..random.Next(log.Count)]));
            await tail.ReadAsync(KeptLog.InMilliseconds(log));

            var why = $"seed {seed}, gone after {gone}";
            Assert.True(all.SequenceEqual(tail.Lines), why);
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task A_log_entered_at_its_last_lines_goes_on_exactly(int seed)
    {
        var random = new Random(seed);
        var log = SeamLogs.Random(random, repeats: false);
        var entered = random.Next(20, 100);
        var all = SeamLogs.Entries(log.TakeLast(entered));
        for (var gone = 1; gone < all.Count; gone++)
        {
            using var tail = new JoinedTail(Some.Request() with { TailLines = entered });
            await tail.ReadAsync(KeptLog.Live(log, gone));
            if (random.Next(2) == 0)
            {
                tail.Resume();
            }

            await tail.ReadAsync(KeptLog.InMilliseconds(log));

            var why = $"seed {seed}, entered at the last {entered}, gone after {gone}, doubt {tail.Doubt}";
            Assert.True(tail.Doubt == SeamDoubt.None, why);
            Assert.True(all.SequenceEqual(tail.Lines), why);
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Lines_without_times_are_counted(int seed)
    {
        var random = new Random(seed);
        var share = random.Next(1, 11);
        List<KeptLine> log = [.. SeamLogs.Random(random).Select(line => random.Next(10) < share ? line with { Time = LogTimestamp.None } : line)];
        var all = SeamLogs.Entries(log);
        for (var gone = 1; gone < all.Count; gone++)
        {
            using var tail = new JoinedTail();
            await tail.ReadAsync(KeptLog.Live(log, gone));
            tail.Resume();
            await tail.ReadAsync(KeptLog.InMilliseconds(log));

            var why = $"seed {seed}, gone after {gone}";
            Assert.True(tail.Doubt == SeamDoubt.None, why);
            Assert.True(all.SequenceEqual(tail.Lines), why);
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task A_log_asked_for_from_within_a_millisecond_goes_on_exactly(int seed)
    {
        var random = new Random(seed);
        var log = SeamLogs.Random(random, repeats: false);
        var since = log[random.Next(log.Count / 2)].Time.Add(TimeSpan.FromTicks(random.Next(2)));
        var all = SeamLogs.Entries(log.Where(line => line.Time >= since));
        // Lines left out among those delivered make another sequence of them.
        var inOrder = log.Zip(log.Skip(1)).All(pair => pair.First.Time <= pair.Second.Time);
        var before = SeamLogs.Entries(log.Where(line => line.Time < since)).ToHashSet();
        for (var gone = 1; gone < all.Count; gone++)
        {
            using var tail = new JoinedTail(Some.Request() with { Since = since });
            await tail.ReadAsync(new KeptLog(log) { GoneAfter = gone });
            tail.Resume();
            await tail.ReadAsync(KeptLog.InMilliseconds(log));

            var why = $"seed {seed}, since {since}, gone after {gone}, doubt {tail.Doubt}";
            Assert.True(tail.Doubt == SeamDoubt.None || !inOrder, why);
            Assert.True(tail.Doubt == SeamDoubt.None ? all.SequenceEqual(tail.Lines.Where(text => !before.Contains(text))) : !all.Except(tail.Lines).Any(), why);
        }
    }

    [Fact]
    public async Task A_hand_over_at_a_line_whose_time_500_others_share_is_exact()
    {
        var log = Enumerable.Range(0, 600).Select(i => new KeptLine(Some.Time.Add(TimeSpan.FromSeconds(i is > 50 and <= 550 ? 1 : i / 50)), i % 3 == 0 ? "again" : $"line {i}")).ToList();
        var all = SeamLogs.Entries(log);
        Func<IReadOnlyList<KeptLine>, KeptLog>[] archives = [KeptLog.InMilliseconds, KeptLog.SortedByMilliseconds, KeptLog.SortedByNanoseconds];
        for (var gone = 1; gone < all.Count; gone += 7)
        {
            using var tail = new JoinedTail();
            await tail.ReadAsync(KeptLog.Live(log, gone));
            tail.Resume();
            await tail.ReadAsync(archives[gone % 3](log));

            Assert.Equal(SeamDoubt.None, tail.Doubt);
            Assert.Equal(all, tail.Lines);
        }
    }

    private static async Task AssertExactAsync(int seed, Func<IReadOnlyList<KeptLine>, KeptLog> archiveOf, bool inOrder = true)
    {
        await foreach (var (tail, all, _, why) in HandedOverAsync(seed, archiveOf))
        {
            Assert.True(tail.Doubt == SeamDoubt.None, why);
            if (inOrder)
            {
                Assert.True(all.SequenceEqual(tail.Lines), why);
            }

            AssertSameLines(all, tail.Lines, why);
        }
    }

    // At every place of a log, the source is gone and an archive goes on; every second time on another replica.
    private static async IAsyncEnumerable<(JoinedTail Tail, List<string> All, int Gone, string Why)> HandedOverAsync(int seed, Func<IReadOnlyList<KeptLine>, KeptLog> archiveOf)
    {
        var random = new Random(seed);
        var log = SeamLogs.Random(random);
        var all = SeamLogs.Entries(log);
        for (var gone = 1; gone < all.Count; gone++)
        {
            using var tail = new JoinedTail();
            await tail.ReadAsync(KeptLog.Live(log, gone));
            if (random.Next(2) == 0)
            {
                tail.Resume();
            }

            var archive = archiveOf(log);
            await tail.ReadAsync(archive);
            yield return (tail, all, gone, $"seed {seed}, gone after {gone}, opened {archive.Opens} times, doubt {tail.Doubt}");
        }
    }

    private static void AssertSameLines(List<string> expected, List<string> actual, string why) =>
        Assert.True(expected.Order(StringComparer.Ordinal).SequenceEqual(actual.Order(StringComparer.Ordinal)), why);

    private static void AssertHolds(List<string> expected, List<string> actual, string why)
    {
        var found = actual.CountBy(text => text).ToDictionary();
        Assert.All(expected.CountBy(text => text), text => Assert.True(found.GetValueOrDefault(text.Key) >= text.Value, $"{why}, lost: {text.Key}"));
    }
}
