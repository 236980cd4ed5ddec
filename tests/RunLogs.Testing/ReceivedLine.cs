using System.Text;
using RunLogs.Abstractions;

namespace RunLogs.Testing;

/// <summary>One entry that reached a writer, with the instance of its batch.</summary>
public sealed record ReceivedLine(LogTimestamp Timestamp, byte[] Bytes, OutputStream Stream, LogOriginator Originator, LineEnd End, ContainerInstance? Instance)
{
    public string Text => Encoding.UTF8.GetString(Bytes);

    public override string ToString() => $"{Timestamp} {Stream} {End} {(Bytes.Length > 200 ? $"{Bytes.Length} bytes" : Text)}";
}
