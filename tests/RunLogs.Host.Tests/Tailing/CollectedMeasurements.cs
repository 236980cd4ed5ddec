using System.Diagnostics.Metrics;
using RunLogs.Host.Tailing;

namespace RunLogs.Host.Tests.Tailing;

/// <summary>Keeps what the meter of one factory measures.</summary>
internal sealed class CollectedMeasurements : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly List<(string Instrument, double Value, string Tag)> _measurements = [];

    public CollectedMeasurements(IMeterFactory factory)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == TailTelemetry.MeterName && ReferenceEquals(instrument.Meter.Scope, factory))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.Start();
    }

    /// <summary>The values of an instrument, each with its tags' values.</summary>
    public IReadOnlyList<(double Value, string Tag)> Of(string instrument)
    {
        lock (_measurements)
        {
            return [.. _measurements.Where(measured => measured.Instrument == instrument).Select(measured => (measured.Value, measured.Tag))];
        }
    }

    public void Dispose() => _listener.Dispose();

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var tag = string.Join(',', tags.ToArray().Select(pair => pair.Value));
        lock (_measurements)
        {
            _measurements.Add((instrument.Name, value, tag));
        }
    }
}
