using System.Text;
using RunLogs.Abstractions;

namespace RunLogs.Plugins.Kubernetes.Tests;

/// <summary>Lines of the API as they are split behind others of the same second.</summary>
public sealed class LogLineParserTests
{
    private const string Second = "2026-11-23T10:00:00.";

    [Fact]
    public void Every_fraction_of_a_second_is_read_to_the_nanosecond()
    {
        var (parser, random) = (new LogLineParser(), new Random(3));
        string[] fractions = ["000000000", "999999999", "000000001", "100000000", "123456789", .. Enumerable.Range(0, 5000).Select(_ => $"{random.Next(1_000_000_000):000000000}")];
        Assert.True(LogTimestamp.TryParse($"{Second}0Z", out var start));
        foreach (var fraction in fractions)
        {
            Assert.True(parser.TrySplit(Encoding.ASCII.GetBytes($"{Second}{fraction}Z text"), out var time, out var textStart));
            Assert.Equal((start.UnixNanoseconds + int.Parse(fraction), 31), (time.UnixNanoseconds, textStart));
        }
    }

    [Fact]
    public void A_byte_that_is_no_digit_makes_no_time()
    {
        var parser = new LogLineParser();
        for (var place = 0; place < 9; place++)
        {
            for (var value = 0; value < 256; value++)
            {
                Assert.True(parser.TrySplit(Encoding.ASCII.GetBytes($"{Second}123456789Z text"), out _, out _));
                var line = Encoding.ASCII.GetBytes($"{Second}987654321Z text");
                line[Second.Length + place] = (byte)value;

                Assert.Equal(value is >= '0' and <= '9', parser.TrySplit(line, out _, out _));
            }
        }
    }
}
