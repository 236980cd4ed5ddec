using RunLogs.Abstractions;
using RunLogs.Host.Tailing;

namespace RunLogs.Host.Tests.Tailing;

/// <summary>Where nothing tells how to go on, a line is sent twice rather than never, and the tail says so.</summary>
public sealed class HandOverDoubtTests
{
    [Theory]
    [MemberData(nameof(HandOverTests.Seeds), MemberType = typeof(HandOverTests))]
    public async Task Lines_rotated_away_are_said_to_be_lost_and_nothing_is_repeated(int seed)
    {
        var random = new Random(seed);
        var log = SeamLogs.Random(random, repeats: false);
        var all = SeamLogs.Entries(log);
        for (var gone = 1; gone < log.Count / 2; gone++)
        {
            var left = random.Next(gone, log.Count);
            if (log[left].Time <= log[..left].Max(line => line.Time) || log[left..].Any(line => line.Time < log[left].Time))
            {
                continue;
            }

            using var tail = new JoinedTail();
            await tail.ReadAsync(KeptLog.Live(log[..gone], int.MaxValue));
            tail.Resume();
            await tail.ReadAsync(KeptLog.InMilliseconds(log[left..]));

            var why = $"seed {seed}, {gone} delivered, {left} rotated away";
            Assert.True(tail.Doubt == SeamDoubt.LinesLost, why);
            Assert.True(SeamLogs.Entries(log[..gone].Concat(log[left..])).SequenceEqual(tail.Lines), why);
        }
    }

    [Theory]
    [MemberData(nameof(HandOverTests.Seeds), MemberType = typeof(HandOverTests))]
    public Task An_archive_that_lost_a_line_loses_no_other(int seed) => AssertNoOtherLossAsync(seed, (log, at) => [.. log[..at], .. log[(at + 1)..]]);

    [Theory]
    [MemberData(nameof(HandOverTests.Seeds), MemberType = typeof(HandOverTests))]
    public Task An_archive_that_changed_a_text_loses_no_other(int seed) =>
        AssertNoOtherLossAsync(seed, (log, at) => [.. log[..at], log[at] with { Parts = [$"changed {at}"] }, .. log[(at + 1)..]]);

    [Theory]
    [MemberData(nameof(HandOverTests.Seeds), MemberType = typeof(HandOverTests))]
    public async Task A_clock_that_was_set_back_loses_nothing(int seed)
    {
        var random = new Random(seed);
        var log = SeamLogs.Random(random, repeats: false);
        var (back, at) = (TimeSpan.FromMilliseconds(random.Next(10, random.Next(2) == 0 ? 1000 : 20_000)), random.Next(1, log.Count));
        log = [.. log[..at], .. log[at..].Select(line => line with { Time = line.Time.Add(-back) })];
        var all = SeamLogs.Entries(log);

        // Lines older than the second to reopen from are not asked for: by more than that, the tail must have seen the jump.
        var first = back < TimeSpan.FromSeconds(1) ? 1 : SeamLogs.Entries(log[..at]).Count + 1;
        for (var gone = first; gone < all.Count; gone++)
        {
            using var tail = new JoinedTail();
            await tail.ReadAsync(KeptLog.Live(log, gone));
            tail.Resume();
            await tail.ReadAsync(KeptLog.Live(log));

            var why = $"seed {seed}, set back {back} at {at}, gone after {gone}, doubt {tail.Doubt}";
            Assert.True(all.Except(tail.Lines) is var lost && !lost.Any(), $"{why}, lost {string.Join(", ", lost)}");
            Assert.True(tail.Doubt != SeamDoubt.None || all.SequenceEqual(tail.Lines), why);
        }
    }

    private static async Task AssertNoOtherLossAsync(int seed, Func<List<KeptLine>, int, List<KeptLine>> damaged)
    {
        var random = new Random(seed);
        var log = SeamLogs.Random(random, repeats: false);
        var all = SeamLogs.Entries(log);
        for (var gone = 2; gone < all.Count; gone++)
        {
            var at = random.Next(log.Count);
            var archived = damaged(log, at);
            using var tail = new JoinedTail();
            await tail.ReadAsync(KeptLog.Live(log, gone));
            tail.Resume();
            await tail.ReadAsync(KeptLog.InMilliseconds(archived));

            var changed = SeamLogs.Entries(log[..at]).Count < gone ? $"changed {at}" : "";
            var expected = all.Take(gone).Concat(SeamLogs.Entries(archived)).Where(text => text != changed).Distinct().ToList();
            var why = $"seed {seed}, gone after {gone}, doubt {tail.Doubt}";
            Assert.True(!expected.Except(tail.Lines).Any(), $"{why}, lost {string.Join(", ", expected.Except(tail.Lines))}");
            Assert.True(tail.Doubt != SeamDoubt.None || tail.Lines.Count == tail.Lines.Distinct().Count(), why);
        }
    }
}
