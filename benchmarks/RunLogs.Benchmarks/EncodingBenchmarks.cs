using System.Text;
using BenchmarkDotNet.Attributes;
using Google.Protobuf;
using RunLogs.Abstractions;
using RunLogs.Host.Api;
using RunLogs.Protos.Flyte.Dataproxy;
using RunLogs.Protos.Flyte.Logs.Dataplane;
using Timestamp = Google.Protobuf.WellKnownTypes.Timestamp;

namespace RunLogs.Benchmarks;

/// <summary>From a batch to the bytes of a <c>TailLogsResponse</c>: straight from the batch's bytes, and by way of generated messages.</summary>
public class EncodingBenchmarks : IDisposable
{
    private readonly LogBatch _batch = SomeLog.Batch();
    private readonly FlyteResponse _response = new(FlyteContainerField.Of(SomeLog.Request), shortPodName: [], keepLineEnd: true, TimeProvider.System);
    private readonly DiscardedBytes _wire = new();

    [Benchmark(Baseline = true, OperationsPerInvoke = LogBatch.MaxLines)]
    public void FromBytes() => _response.With(_batch).WriteTo(_wire);

    [Benchmark(OperationsPerInvoke = LogBatch.MaxLines)]
    public void GeneratedMessages()
    {
        var logs = new TailLogsResponse.Types.Logs { Container = new ContainerIdentifier { KubernetesPodName = SomeLog.Request.Pod } };
        foreach (ref readonly var entry in _batch.Entries)
        {
            logs.Lines.Add(new LogLine
            {
                Timestamp = new Timestamp { Seconds = entry.Timestamp.UnixSeconds, Nanos = entry.Timestamp.NanosecondOfSecond },
                Message = Encoding.UTF8.GetString(_batch.TextOf(entry)) + "\n",
                Originator = (LogLineOriginator)entry.Originator,
            });
        }

        new TailLogsResponse { Logs = { logs } }.WriteTo(_wire);
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _batch.Dispose();
        GC.SuppressFinalize(this);
    }
}
