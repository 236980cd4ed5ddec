using System.Globalization;
using System.Text;
using RunLogs.Abstractions;

namespace RunLogs.Testing.Seam;

/// <summary>What one container writes, when each source has it, and when its pod goes: all of it drawn from one seed.</summary>
/// <remarks>
/// Numbered lines, repeated texts, empty lines, multi-byte text, invalid UTF-8, a few lines of many kilobytes; equal times, once
/// 500 in a row; times that go back by up to 5 ms; bursts and pauses.
/// </remarks>
public sealed class SeamScript
{
    /// <summary>So many lines in a row have the same time.</summary>
    public const int LinesOfOneTime = 500;

    private const long Millisecond = 1_000_000;
    private const int Bursts = 100;

    private readonly Random _random;
    private readonly bool _timesGoBack;
    private readonly TimeSpan[] _live;
    private readonly TimeSpan[] _archived;

    private SeamScript(int seed, int lines, LogTimestamp start, TimeSpan duration, TimeSpan lag, bool timesGoBack)
    {
        _timesGoBack = timesGoBack;
        _random = new Random(seed);
        (Seed, Start) = (seed, start);
        OneTimeFrom = _random.Next(Math.Max(1, lines - LinesOfOneTime));
        _live = Moments(lines, duration);
        _archived = Lagging(lag);
        Lines = [.. _live.Select((moment, i) => new WrittenLine(TimeOf(i, moment), Text(i), _random.Next(8) == 0 ? OutputStream.Stderr : OutputStream.Stdout))];
        PodEnd = (PodEnd)_random.Next(3);
        // The end of the pod is where it hurts: in a third of the scripts among the lines of one time.
        LiveLines = _random.Next(3) == 0 ? Math.Min(lines, OneTimeFrom + _random.Next(1, LinesOfOneTime)) : _random.Next(lines / 5, lines);
    }

    public int Seed { get; }

    public LogTimestamp Start { get; }

    /// <summary>All that the container writes, in its order and with the runtime's times.</summary>
    public IReadOnlyList<WrittenLine> Lines { get; }

    /// <summary>The first of the lines that share one time.</summary>
    public int OneTimeFrom { get; }

    /// <summary>How many lines the live source gets before the pod goes.</summary>
    public int LiveLines { get; }

    public PodEnd PodEnd { get; }

    /// <summary>Draws a script; the same arguments give the same one.</summary>
    /// <param name="seed">What it is drawn from.</param>
    /// <param name="lines">How many lines.</param>
    /// <param name="start">When the container starts.</param>
    /// <param name="duration">How long it writes.</param>
    /// <param name="lag">The longest a line takes to the archive.</param>
    /// <param name="timesGoBack">Whether some do: an archive that sorts by time gives lines back in another order then.</param>
    public static SeamScript Draw(int seed, int lines, LogTimestamp start, TimeSpan duration, TimeSpan lag, bool timesGoBack = true) =>
        new(seed, lines, start, duration, lag, timesGoBack);

    /// <summary>How many lines were written by a moment.</summary>
    public int WrittenBy(TimeSpan moment) => CountUntil(_live, moment);

    /// <summary>How many of them the archive has by then.</summary>
    public int ArchivedBy(TimeSpan moment) => CountUntil(_archived, moment);

    /// <summary>A line as the archive keeps it: its time cut to the millisecond.</summary>
    public static WrittenLine Archived(WrittenLine line) =>
        line with { Timestamp = new LogTimestamp(line.Timestamp.UnixNanoseconds / Millisecond * Millisecond) };

    // Half of the time goes to pauses between bursts, which differ widely in both.
    private TimeSpan[] Moments(int lines, TimeSpan duration)
    {
        var starts = Enumerable.Range(0, Bursts - 1).Select(_ => _random.Next(lines)).Append(0).ToHashSet();
        var pauses = starts.Order().ToDictionary(first => first, _ => Math.Pow(_random.NextDouble(), 3));
        var pause = duration.Ticks / 2 / Math.Max(0.001, pauses.Values.Sum());
        var step = duration.Ticks / 2 / Math.Max(1, lines);
        var moments = new TimeSpan[lines];
        var now = 0L;
        for (var i = 0; i < lines; i++)
        {
            now += i > OneTimeFrom && i < OneTimeFrom + LinesOfOneTime ? 0
                : pauses.TryGetValue(i, out var share) ? (long)(share * pause)
                : _random.Next(4) == 0 ? 0 : _random.NextInt64(step * 8 / 3 + 1);
            moments[i] = TimeSpan.FromTicks(now);
        }

        return moments;
    }

    // An archive gets lines in their order, in lots that take longer or shorter.
    private TimeSpan[] Lagging(TimeSpan most)
    {
        var archived = new TimeSpan[_live.Length];
        var (arrival, lotEnds) = (TimeSpan.Zero, 0);
        for (var i = 0; i < archived.Length; i++)
        {
            if (i == lotEnds)
            {
                lotEnds = i + 1 + _random.Next(Math.Max(1, archived.Length / 50));
                var last = _live[Math.Min(lotEnds, archived.Length) - 1];
                var due = last + (most * _random.NextDouble());
                arrival = due > arrival ? due : arrival;
            }

            archived[i] = arrival;
        }

        return archived;
    }

    private LogTimestamp TimeOf(int line, TimeSpan moment)
    {
        var isOfOneTime = line >= OneTimeFrom && line < OneTimeFrom + LinesOfOneTime;
        var back = !isOfOneTime && _random.Next(50) == 0 ? _random.NextInt64(5 * Millisecond) : 0;
        return new LogTimestamp(Start.UnixNanoseconds + (moment.Ticks * 100) - (_timesGoBack ? back : 0));
    }

    private ReadOnlyMemory<byte> Text(int line)
    {
        var number = line.ToString("D7", CultureInfo.InvariantCulture);
        return _random.Next(100) switch
        {
            < 15 => "the same"u8.ToArray(),
            < 20 => "日本 the same 😈"u8.ToArray(),
            < 26 => Array.Empty<byte>(),
            < 30 => Encoding.UTF8.GetBytes($"line {number} Ωμέγα 日本語 {string.Concat(Enumerable.Repeat("😈", _random.Next(20)))}"),
            < 31 => [.. Encoding.UTF8.GetBytes($"line {number} "), 0xff, (byte)'x'],
            < 32 when _random.Next(20) == 0 => Encoding.UTF8.GetBytes($"line {number} {new string('y', _random.Next(10_000, 70_000))}"),
            _ => Encoding.UTF8.GetBytes($"line {number} {new string('x', _random.Next(60))}"),
        };
    }

    private static int CountUntil(TimeSpan[] moments, TimeSpan moment)
    {
        var (low, high) = (0, moments.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = moments[middle] <= moment ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
