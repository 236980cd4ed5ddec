using System.Buffers;
using RunLogs.Abstractions;

namespace RunLogs.Host.Api.Http;

/// <summary>How lines look to one kind of HTTP client.</summary>
internal interface ILineFormat
{
    string ContentType { get; }

    /// <summary>What is sent when nothing else is; empty where anything would be taken for a line.</summary>
    ReadOnlySpan<byte> Heartbeat { get; }

    void WriteLine(IBufferWriter<byte> output, in LogEntry entry, ReadOnlySpan<byte> text, string backend);

    void WriteNotice(IBufferWriter<byte> output, LogNotice notice, LogTimestamp now);
}
