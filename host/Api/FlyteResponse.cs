using System.Buffers;
using System.Text;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using RunLogs.Abstractions;
using RunLogs.Protos.Flyte.Logs.Dataplane;

namespace RunLogs.Host.Api;

/// <summary>A <c>TailLogsResponse</c> of Flyte's services that is written from a batch's bytes, without generated messages.</summary>
/// <remarks>Used again for every batch of its stream: the writer takes its bytes before the call returns.</remarks>
/// <param name="containerField">What says whose lines they are.</param>
/// <param name="shortPodName">The label of its lines among those of other pods, in UTF-8; empty for none.</param>
/// <param name="keepLineEnd">Whether messages carry their line feeds.</param>
/// <param name="time">What notices are stamped with.</param>
internal sealed class FlyteResponse(byte[] containerField, byte[] shortPodName, bool keepLineEnd, TimeProvider time)
{
    private const byte LogsTag = 0x0A;
    private const byte LinesTag = 0x0A;
    private const string NoticePrefix = "[runlogs] ";

    private readonly LogLineFields _lines = new(keepLineEnd, shortPodName);
    private readonly List<byte[]> _notices = [];
    private LogBatch? _batch;
    private int _logsSize;

    /// <summary>A heartbeat of no log.</summary>
    public static FlyteResponse Empty { get; } = new([], [], keepLineEnd: false, TimeProvider.System);

    /// <summary>The size of the message: known before it is written.</summary>
    public int Size { get; private set; }

    /// <summary>Makes this the response that carries a batch; null for a heartbeat, which is empty.</summary>
    public FlyteResponse With(LogBatch? batch)
    {
        _batch = batch;
        _notices.Clear();
        if (batch is null || (batch.Entries.IsEmpty && batch.Notices.Count == 0))
        {
            return Measured(0);
        }

        var size = containerField.Length + _lines.SizeOf(batch);
        foreach (var notice in batch.Notices)
        {
            var line = Line(notice);
            _notices.Add(line);
            size += ProtobufSize.Field(line.Length);
        }

        return Measured(size);
    }

    public void WriteTo(IBufferWriter<byte> output)
    {
        if (Size == 0)
        {
            return;
        }

        var writer = new ProtobufWriter(output.GetSpan(Size + LogLineFields.Slack));
        writer.Header(LogsTag, _logsSize);
        foreach (var notice in _notices)
        {
            writer.Field(LinesTag, notice);
        }

        writer.Lines(_lines, _batch!);
        writer.Raw(containerField);
        output.Advance(writer.Written);
    }

    private byte[] Line(LogNotice notice)
    {
        var line = new LogLine
        {
            Timestamp = Timestamp.FromDateTimeOffset(time.GetUtcNow()),
            Message = NoticePrefix + notice.Message + (keepLineEnd ? "\n" : ""),
            Originator = LogLineOriginator.System,
            ShortPodName = Encoding.UTF8.GetString(shortPodName),
        };
        return line.ToByteArray();
    }

    private FlyteResponse Measured(int logsSize)
    {
        _logsSize = logsSize;
        Size = logsSize == 0 ? 0 : ProtobufSize.Field(logsSize);
        return this;
    }
}
