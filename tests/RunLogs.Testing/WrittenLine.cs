using RunLogs.Abstractions;

namespace RunLogs.Testing;

/// <summary>What a container writes: a text, and a line feed unless it ends without one.</summary>
/// <param name="Timestamp">When the runtime took it.</param>
/// <param name="Text">The bytes before the line feed.</param>
/// <param name="Stream">Where it is written.</param>
/// <param name="NewLine">Whether a line feed follows; only the last text of an instance may lack it.</param>
public sealed record WrittenLine(LogTimestamp Timestamp, ReadOnlyMemory<byte> Text, OutputStream Stream = OutputStream.Stdout, bool NewLine = true);
