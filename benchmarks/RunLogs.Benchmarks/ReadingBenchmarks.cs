using System.Threading.Channels;
using BenchmarkDotNet.Attributes;
using RunLogs.Abstractions;
using RunLogs.Plugins.Kubernetes;

namespace RunLogs.Benchmarks;

/// <summary>The Kubernetes backend's part: from 1 MB of a body to batches.</summary>
public class ReadingBenchmarks
{
    private const int Lines = 8_000;

    private readonly byte[] _body = SomeLog.Body(Lines);
    private readonly DisposingWriter _output = new();

    [Benchmark(OperationsPerInvoke = Lines)]
    public async Task LinesIntoBatches()
    {
        using var batches = new BatchWriter(_output, SomeLog.Request, TimeProvider.System);
        using var reader = new PodLogReader(new LineFilter(null, null), batches, SomeLog.Request, maxLineBytes: 256 * 1024);
        await reader.ReadAsync(new MemoryStream(_body), CancellationToken.None);
        await batches.FlushAsync(CancellationToken.None);
    }

    private sealed class DisposingWriter : ChannelWriter<LogBatch>
    {
        public override bool TryWrite(LogBatch item)
        {
            item.Dispose();
            return true;
        }

        public override ValueTask<bool> WaitToWriteAsync(CancellationToken cancellationToken = default) => ValueTask.FromResult(true);
    }
}
