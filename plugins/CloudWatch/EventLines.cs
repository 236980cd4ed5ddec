using RunLogs.Abstractions;

namespace RunLogs.Plugins.CloudWatch;

/// <summary>Moves the lines of events into batches.</summary>
internal sealed class EventLines(LineFilter filter, int maxLineBytes) : IDisposable
{
    private readonly LineJoiner _lines = new(filter, maxLineBytes);
    private int _taken;

    public int OpenLines => _lines.OpenLines;

    /// <summary>Takes an event; false when the batch is full: call again with the same and an empty one.</summary>
    public bool TryTake(LogBatch batch, in ContainerEvent from)
    {
        while (true)
        {
            var rest = from.Text.Span[_taken..];
            var feed = rest.IndexOf((byte)'\n');
            var line = feed < 0 ? rest : rest[..feed];
            var text = feed >= 0 && line is [.., (byte)'\r'] ? line[..^1] : line;
            if (!_lines.TryTake(batch, from.Time, from.Stream, text, ends: feed >= 0 || !from.IsPart))
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
