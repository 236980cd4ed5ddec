using System.Buffers;
using System.Diagnostics.Metrics;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.DependencyInjection;
using RunLogs.Abstractions;
using RunLogs.Host.Tailing;

namespace RunLogs.Benchmarks;

/// <summary>What the host does with the lines of a batch before it hands it on.</summary>
public class PositionBenchmarks : IDisposable
{
    private const int Batches = 10;
    private const int Lines = Batches * LogBatch.MaxLines;

    private readonly TailItem[] _items = [.. Enumerable.Range(0, Batches).Select(ItemOf)];
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly TailTelemetry _telemetry;

    public PositionBenchmarks() => _telemetry = new TailTelemetry(_services.GetRequiredService<IMeterFactory>());

    [Benchmark(OperationsPerInvoke = Lines)]
    public void Hash()
    {
        foreach (var item in _items)
        {
            ArrayPool<ulong>.Shared.Return(LineHash.Of(item.Batch)!);
        }
    }

    /// <summary>A position through batches of one log; the host keeps two, of what was read and of what was delivered.</summary>
    [Benchmark(OperationsPerInvoke = Lines)]
    public long Advance()
    {
        var position = new LinePosition(fromTheStart: true);
        foreach (var item in _items)
        {
            item.Advance(position);
        }

        return position.Lines;
    }

    [Benchmark(OperationsPerInvoke = Lines)]
    public void Count()
    {
        foreach (var item in _items)
        {
            _telemetry.Count(item.Backend, item.Batch);
        }
    }

    [GlobalCleanup]
    public void Dispose()
    {
        Array.ForEach(_items, item => item.Dispose());
        _services.Dispose();
        GC.SuppressFinalize(this);
    }

    private static TailItem ItemOf(int batch)
    {
        var lines = SomeLog.Batch(batch * LogBatch.MaxLines);
        return new TailItem(lines, "Kubernetes", LogSourceKind.Live, Log: 0) { Hashes = LineHash.Of(lines) };
    }
}
