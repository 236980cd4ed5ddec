using System.Text;
using RunLogs.Abstractions;

namespace RunLogs.Host.Samples;

/// <summary>Writes log lines in the form container runtimes write.</summary>
internal sealed class SampleLog(LogTimestamp start)
{
    private readonly StringBuilder _records = new();
    private LogTimestamp _time = start;

    /// <summary>Adds lines, one after the other.</summary>
    public SampleLog Out(params IEnumerable<string> lines) => Add("stdout", lines);

    /// <inheritdoc cref="Out"/>
    public SampleLog Err(params IEnumerable<string> lines) => Add("stderr", lines);

    /// <summary>Lets time pass between lines.</summary>
    public SampleLog After(double seconds)
    {
        _time = _time.Add(TimeSpan.FromSeconds(seconds));
        return this;
    }

    public static string Record(LogTimestamp time, string stream, string text) => $"{time} {stream} F {text}\n";

    public override string ToString() => _records.ToString();

    private SampleLog Add(string stream, IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            _records.Append(Record(_time, stream, line));
            _time = new LogTimestamp(_time.UnixNanoseconds + 1_204_817);
        }

        return this;
    }
}
