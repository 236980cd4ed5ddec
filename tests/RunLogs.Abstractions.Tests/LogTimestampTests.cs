using System.Globalization;
using System.Text;

namespace RunLogs.Abstractions.Tests;

public sealed class LogTimestampTests
{
    [Theory]
    [InlineData("1970-01-01T00:00:00Z", 0)]
    [InlineData("1970-01-01T00:00:01.5Z", 1_500_000_000)]
    [InlineData("2024-02-29T12:34:56Z", 1709210096_000000000)]
    [InlineData("2000-02-29T00:00:00Z", 951782400_000000000)]
    [InlineData("2023-11-14T22:13:20.1Z", 1700000000_100000000)]
    [InlineData("2023-11-14T22:13:20.12Z", 1700000000_120000000)]
    [InlineData("2023-11-14T22:13:20.123Z", 1700000000_123000000)]
    [InlineData("2023-11-14T22:13:20.1234Z", 1700000000_123400000)]
    [InlineData("2023-11-14T22:13:20.12345Z", 1700000000_123450000)]
    [InlineData("2023-11-14T22:13:20.123456Z", 1700000000_123456000)]
    [InlineData("2023-11-14T22:13:20.1234567Z", 1700000000_123456700)]
    [InlineData("2023-11-14T22:13:20.12345678Z", 1700000000_123456780)]
    [InlineData("2023-11-14T22:13:20.123456789Z", 1700000000_123456789)]
    [InlineData("2023-11-14T22:13:20.000000001Z", 1700000000_000000001)]
    [InlineData("2023-11-15T00:13:20.123456789+02:00", 1700000000_123456789)]
    [InlineData("2023-11-14T16:43:20-05:30", 1700000000_000000000)]
    [InlineData("2023-11-14T22:13:20+00:00", 1700000000_000000000)]
    [InlineData("2023-11-14T22:13:20-00:00", 1700000000_000000000)]
    [InlineData("2023-11-15T22:12:20+23:59", 1700000000_000000000)]
    [InlineData("1969-12-31T23:59:59.999999999Z", -1)]
    [InlineData("1969-12-31T23:59:59Z", -1_000_000_000)]
    [InlineData("1900-01-01T00:00:00.25Z", -2208988799_750000000)]
    [InlineData("1677-09-21T00:12:43.145224193Z", long.MinValue + 1)]
    [InlineData("2262-04-11T23:47:16.854775807Z", long.MaxValue)]
    [InlineData("2262-04-12T01:47:16.854775807+02:00", long.MaxValue)]
    public void A_time_is_parsed_to_the_nanosecond(string text, long nanoseconds)
    {
        Assert.True(LogTimestamp.TryParse(Encoding.UTF8.GetBytes(text), out var fromBytes));
        Assert.True(LogTimestamp.TryParse(text, out var fromText));

        Assert.Equal(nanoseconds, fromBytes.UnixNanoseconds);
        Assert.Equal(fromBytes, fromText);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Z")]
    [InlineData("2023")]
    [InlineData("2023-11-14")]
    [InlineData("2023-11-14T22:13:20")]
    [InlineData("2023-11-14T22:13:20 ")]
    [InlineData(" 2023-11-14T22:13:20Z")]
    [InlineData("2023-11-14T22:13:20Z ")]
    [InlineData("2023-11-14T22:13:20Z\n")]
    [InlineData("2023-11-14T22:13:20z")]
    [InlineData("2023-11-14t22:13:20Z")]
    [InlineData("2023-11-14 22:13:20Z")]
    [InlineData("2023/11/14T22:13:20Z")]
    [InlineData("2023-11-14T22.13.20Z")]
    [InlineData("2023-11-14T22:13Z")]
    [InlineData("2023-1-14T22:13:20Z")]
    [InlineData("23-11-14T22:13:20Z")]
    [InlineData("12023-11-14T22:13:20Z")]
    [InlineData("-023-11-14T22:13:20Z")]
    [InlineData("+023-11-14T22:13:20Z")]
    [InlineData("2023-11-14T22:13:20.Z")]
    [InlineData("2023-11-14T22:13:20.")]
    [InlineData("2023-11-14T22:13:20.1")]
    [InlineData("2023-11-14T22:13:20.123456789")]
    [InlineData("2023-11-14T22:13:20.1234567890Z")]
    [InlineData("2023-11-14T22:13:20.12a4Z")]
    [InlineData("2023-11-14T22:13:20.-1Z")]
    [InlineData("2023-11-14T22:13:20,5Z")]
    [InlineData("2023-11-14T22:13:20.5.5Z")]
    [InlineData("2023-11-14T22:13:20+02")]
    [InlineData("2023-11-14T22:13:20+0200")]
    [InlineData("2023-11-14T22:13:20+2:00")]
    [InlineData("2023-11-14T22:13:20+24:00")]
    [InlineData("2023-11-14T22:13:20+02:60")]
    [InlineData("2023-11-14T22:13:20+-2:00")]
    [InlineData("2023-11-14T22:13:20+02:00Z")]
    [InlineData("2023-11-14T22:13:20Z+02:00")]
    [InlineData("2023-00-14T22:13:20Z")]
    [InlineData("2023-13-14T22:13:20Z")]
    [InlineData("2023-11-00T22:13:20Z")]
    [InlineData("2023-11-31T22:13:20Z")]
    [InlineData("2023-02-29T22:13:20Z")]
    [InlineData("1900-02-29T22:13:20Z")]
    [InlineData("2023-11-14T24:00:00Z")]
    [InlineData("2023-11-14T22:60:20Z")]
    [InlineData("2023-11-14T23:59:60Z")]
    [InlineData("0000-01-01T00:00:00Z")]
    [InlineData("0001-01-01T00:00:00Z")]
    [InlineData("9999-12-31T23:59:59Z")]
    [InlineData("1677-09-21T00:12:43.145224192Z")]
    [InlineData("2262-04-11T23:47:16.854775808Z")]
    [InlineData("٢٠٢٣-11-14T22:13:20Z")]
    [InlineData("2023-11-14T22:13:20.１Z")]
    public void Anything_else_is_no_time(string text)
    {
        Assert.False(LogTimestamp.TryParse(Encoding.UTF8.GetBytes(text), out var fromBytes));
        Assert.False(LogTimestamp.TryParse(text, out var fromText));

        Assert.True(fromBytes.IsNone);
        Assert.True(fromText.IsNone);
    }

    [Fact]
    public void A_text_longer_than_any_time_is_no_time()
    {
        Assert.False(LogTimestamp.TryParse(new string('0', 1 << 20), out var fromText));
        Assert.False(LogTimestamp.TryParse(Enumerable.Repeat((byte)'0', 1 << 20).ToArray(), out var fromBytes));
        Assert.False(LogTimestamp.TryParse("2023-11-14T22:13:20\ud800Z", out var fromHalf));

        Assert.True(fromText.IsNone);
        Assert.True(fromBytes.IsNone);
        Assert.True(fromHalf.IsNone);
    }

    [Fact]
    public void No_bytes_make_the_parser_throw()
    {
        var random = new Random(7);
        var valid = "2023-11-14T22:13:20.123456789+02:00"u8;

        for (var i = 0; i < 200_000; i++)
        {
            var text = valid[..random.Next(valid.Length + 1)].ToArray();
            for (var spoiled = random.Next(3); spoiled > 0 && text.Length > 0; spoiled--)
            {
                text[random.Next(text.Length)] = (byte)random.Next(256);
            }

            Assert.Equal(LogTimestamp.TryParse(text, out var time), !time.IsNone);
        }
    }

    [Theory]
    [InlineData(0, "1970-01-01T00:00:00.000000000Z")]
    [InlineData(-1, "1969-12-31T23:59:59.999999999Z")]
    [InlineData(1700000000_120000000, "2023-11-14T22:13:20.120000000Z")]
    [InlineData(long.MinValue + 1, "1677-09-21T00:12:43.145224193Z")]
    [InlineData(long.MaxValue, "2262-04-11T23:47:16.854775807Z")]
    public void A_time_is_formatted_with_nine_digits(long nanoseconds, string text)
    {
        Span<byte> utf8 = stackalloc byte[LogTimestamp.FormattedLength];

        Assert.True(new LogTimestamp(nanoseconds).TryFormat(utf8, out var written));

        Assert.Equal(text, Encoding.ASCII.GetString(utf8[..written]));
        Assert.Equal(text, new LogTimestamp(nanoseconds).ToString());
    }

    [Fact]
    public void What_is_formatted_is_parsed_to_the_same_time()
    {
        var random = new Random(11);
        Span<byte> utf8 = stackalloc byte[64];

        for (var i = 0; i < 100_000; i++)
        {
            var time = new LogTimestamp(random.NextInt64(long.MinValue + 1, long.MaxValue));
            Assert.True(time.TryFormat(utf8, out var written));
            Assert.True(LogTimestamp.TryParse(utf8[..written], out var parsed));
            Assert.Equal(time, parsed);
        }
    }

    [Fact]
    public void Every_day_of_the_range_agrees_with_the_calendar_of_the_runtime()
    {
        for (var day = new DateOnly(1677, 9, 22); day <= new DateOnly(2262, 4, 11); day = day.AddDays(1))
        {
            var text = day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) + "T01:02:03.0000004Z";

            Assert.True(LogTimestamp.TryParse(text, out var time));

            Assert.Equal(new DateTimeOffset(day, new TimeOnly(1, 2, 3).Add(TimeSpan.FromTicks(4)), TimeSpan.Zero), time.ToDateTimeOffset());
        }
    }

    [Fact]
    public void Formatting_needs_room_and_a_time()
    {
        Assert.False(new LogTimestamp(0).TryFormat(new byte[LogTimestamp.FormattedLength - 1], out var written));
        Assert.Equal(0, written);
        Assert.False(LogTimestamp.None.TryFormat(new byte[64], out written));
        Assert.Equal(0, written);
        Assert.Equal("none", LogTimestamp.None.ToString());
    }

    [Fact]
    public void Parsing_and_formatting_allocate_nothing()
    {
        var text = "2023-11-14T22:13:20.123456789+02:00"u8;
        const string Characters = "2023-11-14T22:13:20.123456789+02:00";
        Span<byte> utf8 = stackalloc byte[LogTimestamp.FormattedLength];
        RoundTrip(text, Characters, utf8);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            RoundTrip(text, Characters, utf8);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        static void RoundTrip(ReadOnlySpan<byte> text, ReadOnlySpan<char> characters, Span<byte> utf8)
        {
            _ = LogTimestamp.TryParse(text, out var time) && time.TryFormat(utf8, out _) && LogTimestamp.TryParse(characters, out time);
        }
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(1_999_999_999, 1, 999_999_999)]
    [InlineData(-1, -1, 999_999_999)]
    [InlineData(-1_000_000_000, -1, 0)]
    [InlineData(-1_000_000_001, -2, 999_999_999)]
    [InlineData(long.MinValue + 1, -9223372037, 145_224_193)]
    [InlineData(long.MaxValue, 9223372036, 854_775_807)]
    public void Seconds_are_rounded_down_and_the_rest_is_never_negative(long nanoseconds, long seconds, int rest)
    {
        var time = new LogTimestamp(nanoseconds);

        Assert.Equal((seconds, rest), (time.UnixSeconds, time.NanosecondOfSecond));
    }

    [Fact]
    public void Times_of_the_runtime_are_kept_to_100_nanoseconds_and_cut_below()
    {
        var early = new DateTimeOffset(1960, 5, 6, 7, 8, 9, TimeSpan.FromHours(3)).AddTicks(1);

        Assert.Equal(early, LogTimestamp.From(early).ToDateTimeOffset());
        Assert.Equal(TimeSpan.Zero, LogTimestamp.From(early).ToDateTimeOffset().Offset);
        Assert.Equal(DateTimeOffset.UnixEpoch.AddTicks(1), new LogTimestamp(199).ToDateTimeOffset());
        Assert.Equal(DateTimeOffset.UnixEpoch.AddTicks(-1), new LogTimestamp(-1).ToDateTimeOffset());
    }

    [Fact]
    public void Outside_of_the_range_conversions_throw_instead_of_wrapping()
    {
        Assert.Throws<OverflowException>(() => LogTimestamp.From(DateTimeOffset.MinValue));
        Assert.Throws<OverflowException>(() => LogTimestamp.From(DateTimeOffset.MaxValue));
        Assert.Throws<OverflowException>(() => LogTimestamp.FromUnixSeconds(long.MaxValue));
        Assert.Throws<OverflowException>(() => LogTimestamp.FromUnixSeconds(9223372037));
        Assert.Throws<OverflowException>(() => new LogTimestamp(long.MaxValue).Add(TimeSpan.FromTicks(1)));
        Assert.Throws<OverflowException>(() => new LogTimestamp(0).Add(TimeSpan.MaxValue));
        Assert.Equal(9223372036_000000000, LogTimestamp.FromUnixSeconds(9223372036).UnixNanoseconds);
    }

    [Fact]
    public void Times_are_ordered()
    {
        var (early, late) = (new LogTimestamp(-1), new LogTimestamp(1));

        Assert.True(early < late && late > early && early <= late && late >= early);
        Assert.False(late < early || early > late || late <= early || early >= late);
        Assert.Equal([early, late], new[] { late, early }.Order());
        Assert.True(LogTimestamp.None < early);
    }
}
