using System.Buffers;
using System.Text;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using RunLogs.Abstractions;
using RunLogs.Host.Tailing;
using RunLogs.Protos.Flyte.Logs.Dataplane;
using RunLogs.Protos.V1;

namespace RunLogs.Host.Api;

/// <summary>A <c>TailLogsResponse</c> of <c>LogService</c> that is written from a batch's bytes, without generated messages for its lines.</summary>
/// <remarks>Used again for every batch of its stream: the writer takes its bytes before the call returns.</remarks>
internal sealed class LogServiceResponse(bool keepLineEnd, TimeProvider time)
{
    private const byte LogsTag = 0x0A;
    private const byte NoticesTag = 0x12;
    private const byte CursorTag = 0x1A;
    private const byte ClosingTag = 0x22;
    private const byte ContainerTag = 0x12;
    private const byte SourceTag = 0x18;
    private const byte BackendTag = 0x22;

    private readonly LogLineFields _lines = new(keepLineEnd, shortPodName: []);
    private readonly List<byte[]> _notices = [];
    private LogBatch? _batch;
    private ContainerField? _container;
    private LogLineSource _source;
    private byte[] _cursor = [];
    private byte[] _closing = [];
    private int _logsSize;

    /// <summary>The size of the message: known before it is written.</summary>
    public int Size { get; private set; }

    /// <summary>Makes this a response without lines: an empty one is a heartbeat.</summary>
    public LogServiceResponse With(string cursor, byte[]? closing = null)
    {
        _notices.Clear();
        (_batch, _container, _logsSize, _closing) = (null, null, 0, closing ?? []);
        return Measure(cursor);
    }

    /// <summary>Makes this the response that carries a batch.</summary>
    public LogServiceResponse With(in TailItem item, ContainerField container, string cursor)
    {
        _notices.Clear();
        (_batch, _container, _logsSize, _closing) = (item.Batch, container, 0, []);
        _source = item.Kind == LogSourceKind.Live ? LogLineSource.Live : LogLineSource.Persisted;
        foreach (var notice in item.Batch.Notices)
        {
            _notices.Add(Encode(notice, item));
        }

        if (!item.Batch.Entries.IsEmpty)
        {
            _logsSize = _lines.SizeOf(item.Batch) + ProtobufSize.Field(container.Container.Length) + 2 + ProtobufSize.Field(container.Backend.Length);
        }

        return Measure(cursor);
    }

    public void WriteTo(IBufferWriter<byte> output)
    {
        if (Size == 0)
        {
            return;
        }

        var writer = new ProtobufWriter(output.GetSpan(Size + LogLineFields.Slack));
        if (_logsSize > 0)
        {
            WriteLogs(ref writer);
        }

        foreach (var notice in _notices)
        {
            writer.Field(NoticesTag, notice);
        }

        if (_cursor.Length > 0)
        {
            writer.Field(CursorTag, _cursor);
        }

        if (_closing.Length > 0)
        {
            writer.Field(ClosingTag, _closing);
        }

        output.Advance(writer.Written);
    }

    private void WriteLogs(ref ProtobufWriter writer)
    {
        writer.Header(LogsTag, _logsSize);
        writer.Lines(_lines, _batch!);
        writer.Field(ContainerTag, _container!.Container);
        writer.Byte(SourceTag);
        writer.Byte((byte)_source);
        writer.Field(BackendTag, _container.Backend);
    }

    private byte[] Encode(LogNotice notice, in TailItem item)
    {
        var isChange = item.From is not null && notice.Kind is (LogNoticeKind.SourceChanged or LogNoticeKind.SourceFailed);
        return new Notice
        {
            Kind = (Notice.Types.Kind)notice.Kind,
            Time = Timestamp.FromDateTimeOffset(time.GetUtcNow()),
            Container = ContainerIdentifier.Parser.ParseFrom(_container!.Container),
            Message = notice.Message,
            Lines = (ulong)notice.Lines,
            FromBackend = isChange ? item.From : "",
            ToBackend = isChange ? item.Backend : "",
        }.ToByteArray();
    }

    private LogServiceResponse Measure(string cursor)
    {
        _cursor = Encoding.ASCII.GetBytes(cursor);
        Size = SizeOf(_logsSize) + _notices.Sum(notice => SizeOf(notice.Length)) + SizeOf(_cursor.Length) + SizeOf(_closing.Length);
        return this;
    }

    private static int SizeOf(int length) => length == 0 ? 0 : ProtobufSize.Field(length);
}
