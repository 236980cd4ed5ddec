using RunLogs.Host.Tailing;

namespace RunLogs.Host.Cursors;

/// <summary>A cursor that one of our keys signed.</summary>
/// <param name="Target">What it is good for.</param>
/// <param name="Positions">Where the client stands, by log.</param>
internal sealed record TailCursor(CursorTarget Target, IReadOnlyDictionary<ulong, PositionRecord> Positions);
