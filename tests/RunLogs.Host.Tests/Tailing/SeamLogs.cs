using RunLogs.Abstractions;

namespace RunLogs.Host.Tests.Tailing;

/// <summary>Logs as containers write them: equal and slightly falling times, equal and empty texts, long lines.</summary>
internal static class SeamLogs
{
    private static readonly string[] Texts = ["", "the same text", "done", "größer als 世界 🚀"];

    /// <summary>A log whose pace, jitter and texts are as random as its lines; without repeats, each text is its own.</summary>
    public static List<KeptLine> Random(Random random, bool repeats = true)
    {
        var pace = Pick(random, 50_000, 400_000, 5_000_000, 60_000_000, 400_000_000);
        var jitter = Pick(random, 0, 0, 300_000, 5_000_000);
        var repeated = repeats ? Pick(random, 0, 3, 7, 10) : 0;
        var equalTimes = Pick(random, 0, 3, 8);
        var longLines = random.Next(3) == 0;
        var (now, log) = (Some.Time.UnixNanoseconds + random.Next(1_000_000_000), new List<KeptLine>());
        var burstAt = random.Next(200);
        for (var i = 0; i < 120; i++)
        {
            now += random.Next(10) < equalTimes || (i > burstAt && i < burstAt + 40) ? 0 : random.NextInt64(pace);
            var time = new LogTimestamp(now - (random.Next(4) == 0 ? random.Next(jitter + 1) : 0));
            var text = random.Next(10) < repeated ? Texts[random.Next(Texts.Length)] : $"line {i}";
            log.Add(longLines && random.Next(15) == 0 ? new KeptLine(time, [$"long line {i}", $"its second part {i}", $"and its last {i}"]) : new KeptLine(time, text));
        }

        return log;
    }

    public static List<string> Entries(IEnumerable<KeptLine> lines) => [.. lines.SelectMany(line => line.Parts)];

    private static int Pick(Random random, params int[] from) => from[random.Next(from.Length)];
}
