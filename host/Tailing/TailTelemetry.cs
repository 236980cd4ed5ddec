using System.Diagnostics.Metrics;
using RunLogs.Abstractions;

namespace RunLogs.Host.Tailing;

/// <summary>The meter <c>RunLogs</c>.</summary>
internal sealed class TailTelemetry
{
    public const string MeterName = "RunLogs";

    private readonly UpDownCounter<long> _active;
    private readonly Counter<long> _lines;
    private readonly Counter<long> _bytes;
    private readonly Counter<long> _ends;
    private readonly Counter<long> _fallbacks;
    private readonly Histogram<double> _firstLine;

    public TailTelemetry(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _active = meter.CreateUpDownCounter<long>("runlogs.tails.active", "{tail}", "Open tails.");
        _lines = meter.CreateCounter<long>("runlogs.lines", "{line}", "Lines read for clients, by backend.");
        _bytes = meter.CreateCounter<long>("runlogs.bytes", "By", "Bytes of message text read for clients, by backend.");
        _ends = meter.CreateCounter<long>("runlogs.tails.ended", "{tail}", "Tails that ended, by end reason.");
        _fallbacks = meter.CreateCounter<long>("runlogs.fallbacks", "{fallback}", "Times a tail went on to the next backend, by the backend left and why.");
        _firstLine = meter.CreateHistogram<double>("runlogs.time_to_first_line", "s", "From the request to its first line.");
    }

    public void Started() => _active.Add(1);

    public void Ended(EndReason reason)
    {
        _active.Add(-1);
        _ends.Add(1, new KeyValuePair<string, object?>("reason", EndReasonNames.Of(reason)));
    }

    public void FirstLine(TimeSpan elapsed) => _firstLine.Record(elapsed.TotalSeconds);

    public void FellBack(string backend, string reason) =>
        _fallbacks.Add(1, new KeyValuePair<string, object?>("backend", backend), new KeyValuePair<string, object?>("reason", reason));

    public void Count(string backend, LogBatch batch)
    {
        if (!batch.Entries.IsEmpty)
        {
            var tag = new KeyValuePair<string, object?>("backend", backend);
            _lines.Add(batch.Entries.Length, tag);
            _bytes.Add(batch.Text.Length - batch.Entries.Length, tag);
        }
    }
}
