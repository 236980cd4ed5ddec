using System.Text;
using BenchmarkDotNet.Attributes;
using RunLogs.Abstractions;
using RunLogs.Plugins.Kubernetes;

namespace RunLogs.Benchmarks;

/// <summary>The time in front of a line: alone, and as the reader finds it behind a neighbour of the same second.</summary>
public class TimestampBenchmarks
{
    private readonly byte[] _stamp = Encoding.ASCII.GetBytes("2025-11-22T17:43:44.488229600Z");
    private readonly byte[] _line = SomeLog.Body(1);
    private readonly LogLineParser _parser = new();

    [Benchmark(Baseline = true)]
    public LogTimestamp Timestamp() => LogTimestamp.TryParse(_stamp, out var time) ? time : throw new FormatException();

    [Benchmark]
    public LogTimestamp LineOfTheSameSecond() => _parser.TrySplit(_line, out var time, out _) ? time : throw new FormatException();

    [Benchmark]
    public DateTimeOffset DateTimeOffsetOfText() => DateTimeOffset.Parse(Encoding.ASCII.GetString(_stamp), System.Globalization.CultureInfo.InvariantCulture);
}
