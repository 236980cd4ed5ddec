using RunLogs.Abstractions;

namespace RunLogs.Plugins;

/// <summary>Moves texts into batches, line by line: a text holds one line, several, or a part of one.</summary>
internal sealed class TextLines(LineFilter filter, int maxLineBytes) : IDisposable
{
    private readonly LineJoiner _lines = new(filter, maxLineBytes);
    private int _taken;

    public int OpenLines => _lines.OpenLines;

    /// <summary>Takes a text; false when the batch is full: call again with the same and an empty one.</summary>
    public bool TryTake(LogBatch batch, LogTimestamp time, OutputStream stream, ReadOnlySpan<byte> text, bool ends)
    {
        while (true)
        {
            var rest = text[_taken..];
            var feed = rest.IndexOf((byte)'\n');
            var line = feed < 0 ? rest : rest[..feed];
            line = feed >= 0 && line is [.., (byte)'\r'] ? line[..^1] : line;
            if (!_lines.TryTake(batch, time, stream, line, ends: feed >= 0 || ends))
                return false;

            if (feed < 0)
            {
                _taken = 0;
                return true;
            }

            _taken += feed + 1;
        }
    }

    /// <summary>Ends the lines that will not go on; false when the batch is full: call again with an empty one.</summary>
    public bool TryFinish(LogBatch batch) => _lines.TryFinish(batch);

    public void Dispose() => _lines.Dispose();
}
