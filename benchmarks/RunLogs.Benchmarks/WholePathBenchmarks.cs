using BenchmarkDotNet.Attributes;

namespace RunLogs.Benchmarks;

/// <summary>From the upstream's bytes to the wire's: reader, seam, channel, pump and encoder as they stand; no network.</summary>
public class WholePathBenchmarks : IDisposable
{
    private const int Lines = 100_000;

    private readonly byte[] _body = SomeLog.Body(Lines);
    private readonly DiscardedBytes _wire = new();
    private readonly WholePath _path = new();

    /// <summary>Bulk: the input is always ready.</summary>
    [Benchmark(OperationsPerInvoke = Lines)]
    public Task ReadyInput() => _path.RunAsync(new MemoryStream(_body), _wire);

    /// <summary>The input is waited for after every 32 KiB.</summary>
    [Benchmark(OperationsPerInvoke = Lines)]
    public Task LateInput() => _path.RunAsync(new LateStream(_body, part: 32 * 1024), _wire);

    /// <summary>Every line is waited for, as while following: what a batch costs.</summary>
    [Benchmark(OperationsPerInvoke = Lines)]
    public Task LineByLine() => _path.RunAsync(new LateStream(_body, SomeLog.LineLength), _wire);

    [GlobalCleanup]
    public void Dispose()
    {
        _path.Dispose();
        GC.SuppressFinalize(this);
    }
}
