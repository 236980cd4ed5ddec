using System.Diagnostics.Metrics;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.DependencyInjection;
using RunLogs.Abstractions;
using RunLogs.Host.Tailing;

namespace RunLogs.Benchmarks;

/// <summary>What the host does with the lines of a batch before it hands it on.</summary>
public class PositionBenchmarks : IDisposable
{
    private readonly LogBatch _batch = SomeLog.Batch();
    private readonly LinePosition _position = new(fromTheStart: true);
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly TailTelemetry _telemetry;

    public PositionBenchmarks() => _telemetry = new TailTelemetry(_services.GetRequiredService<IMeterFactory>());

    [Benchmark(OperationsPerInvoke = LogBatch.MaxLines)]
    public ulong Hash()
    {
        var sum = 0UL;
        foreach (ref readonly var entry in _batch.Entries)
        {
            sum += LineHash.Of(_batch.TextOf(entry));
        }

        return sum;
    }

    [Benchmark(OperationsPerInvoke = LogBatch.MaxLines)]
    public void HashAndAdvance() => _position.Advance(_batch);

    [Benchmark(OperationsPerInvoke = LogBatch.MaxLines)]
    public void Count() => _telemetry.Count("Kubernetes", _batch);

    [GlobalCleanup]
    public void Dispose()
    {
        _batch.Dispose();
        _services.Dispose();
        GC.SuppressFinalize(this);
    }
}
