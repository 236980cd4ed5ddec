using System.Buffers;
using System.Text;
using RunLogs.Abstractions;
using RunLogs.Host.Tailing;

namespace RunLogs.Host.Api;

/// <summary>A <c>TailLogsResponse</c> of Flyte's services that is written from a batch's bytes, without generated messages.</summary>
/// <remarks>Used again for every batch of its stream: the writer takes its bytes before the call returns.</remarks>
internal sealed class FlyteResponse(byte[] containerField, bool keepLineEnd, TimeProvider time)
{
    private const byte LogsTag = 0x0A;
    private const byte LinesTag = 0x0A;
    private const string NoticePrefix = "[runlogs] ";

    private readonly List<byte[]> _notices = [];
    private LogBatch? _batch;
    private LogTimestamp _now;
    private int _logsSize;

    /// <summary>The label of its lines among those of other pods, in UTF-8; empty for none.</summary>
    public byte[] ShortPodName { get; init; } = [];

    /// <summary>A heartbeat of no log.</summary>
    public static FlyteResponse Empty { get; } = new([], keepLineEnd: false, TimeProvider.System);

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

        _now = LogTimestamp.From(time.GetUtcNow());
        foreach (var notice in batch.Notices)
        {
            _notices.Add(Encoding.UTF8.GetBytes(NoticePrefix + notice.Message));
        }

        var size = containerField.Length;
        foreach (var notice in _notices)
        {
            size += ProtobufSize.Field(Line(notice).Size);
        }

        foreach (ref readonly var entry in batch.Entries)
        {
            size += ProtobufSize.Field(Line(entry).Size);
        }

        return Measured(size);
    }

    public void WriteTo(IBufferWriter<byte> output)
    {
        if (Size == 0)
        {
            return;
        }

        var writer = new ProtobufWriter(output.GetSpan(Size));
        writer.Header(LogsTag, _logsSize);
        foreach (var notice in _notices)
        {
            Write(ref writer, Line(notice));
        }

        foreach (ref readonly var entry in _batch!.Entries)
        {
            Write(ref writer, Line(entry));
        }

        writer.Raw(containerField);
        output.Advance(writer.Written);
    }

    private static void Write(ref ProtobufWriter writer, FlyteLine line)
    {
        writer.Header(LinesTag, line.Size);
        line.Write(ref writer);
    }

    private FlyteLine Line(in LogEntry entry) => new(entry.Timestamp, _batch!.TextOf(entry), keepLineEnd && entry.End == LineEnd.LineFeed, entry.Originator, ShortPodName);

    private FlyteLine Line(byte[] notice) => new(_now, notice, keepLineEnd, LogOriginator.System, ShortPodName);

    private FlyteResponse Measured(int logsSize)
    {
        _logsSize = logsSize;
        Size = logsSize == 0 ? 0 : ProtobufSize.Field(logsSize);
        return this;
    }
}
