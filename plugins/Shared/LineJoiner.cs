using System.Text.Unicode;
using RunLogs.Abstractions;

namespace RunLogs.Plugins;

/// <summary>Joins the parts of each stream's lines and appends whole lines to a batch, in the order in which they are completed.</summary>
/// <remarks>
/// A line above the limit is handed on in parts as they come, and its parts stay together: lines of the other stream that are
/// completed meanwhile follow it. They wait in one batch; when that is full, the long line is ended early, with a notice.
/// </remarks>
internal sealed class LineJoiner(LineFilter filter, int maxLineBytes) : IDisposable
{
    private readonly OpenLine[] _lines = [new(OutputStream.Unknown), new(OutputStream.Stdout), new(OutputStream.Stderr)];
    private readonly LogBatch _waiting = new();
    private OpenLine? _cut;
    private bool _added;

    /// <summary>The lines begun and not completed that are asked for.</summary>
    public int OpenLines => _lines.Count(line => line.IsOpen && line.Text.Length > 0 && filter.Wants(line.Time));

    /// <summary>Takes one text of a stream; false when the batch is full: call again with the same and an empty one.</summary>
    public bool TryTake(LogBatch batch, LogTimestamp time, OutputStream stream, ReadOnlySpan<byte> text, bool ends)
    {
        var line = _lines[(int)stream];
        // The filter changes only where it leaves a line out: a line that found no room may be asked for again.
        if (ends && !_added && !line.IsOpen && _cut is null && _waiting.Entries.IsEmpty && Fits(text))
            return !filter.Takes(time) || batch.TryAppend(time, text, stream, LogOriginator.User, LineEnd.LineFeed);

        if (!_added)
            line.Add(time, text, ends);

        _added = !TryMove(batch, line, LineEnd.LineFeed);
        return !_added;
    }

    /// <summary>Ends the lines that will not go on; false when the batch is full: call again with an empty one.</summary>
    public bool TryFinish(LogBatch batch)
    {
        // The line whose first parts were handed on comes before all that waits for it.
        if (_cut is { } cut && !TryEnd(batch, cut))
            return false;

        foreach (var line in _lines)
        {
            if (!TryEnd(batch, line))
                return false;
        }

        return true;
    }

    public void Dispose()
    {
        _waiting.Dispose();
        foreach (var line in _lines)
            line.Close();
    }

    private bool TryEnd(LogBatch batch, OpenLine line)
    {
        if (line.Text.IsEmpty)
            line.Close();

        if (line.IsOpen)
            line.Add(line.Time, [], ends: true);

        return TryMove(batch, line, LineEnd.None);
    }

    // Hands on what is ready of a line, and then what waited for it.
    private bool TryMove(LogBatch batch, OpenLine line, LineEnd ending)
    {
        if (!TryRelease(batch))
            return false;

        while (line.IsOpen && (line.IsWhole || line.Text.Length > maxLineBytes))
        {
            if (!line.IsTakenBy(filter))
            {
                if (!line.IsWhole)
                    break;

                line.Close();
                continue;
            }

            var part = Fits(line.Text) ? line.Text : line.Text[..PartLength(line.Text)];
            var end = part.Length < line.Text.Length ? LineEnd.Continues : ending;
            var mustWait = _cut is not null && _cut != line;
            if (!(mustWait ? _waiting : batch).TryAppend(line.Time, part, line.Stream, LogOriginator.User, end))
            {
                if (!mustWait || !TryEndEarly(batch, _cut!))
                    return false;

                continue;
            }

            if (!mustWait)
                SetCut(batch, end == LineEnd.Continues ? line : null);

            line.RemoveFirst(part.Length);
            if (end != LineEnd.Continues)
                line.Close();
        }

        return TryRelease(batch);
    }

    private bool TryRelease(LogBatch batch)
    {
        while (_cut is null && !_waiting.Entries.IsEmpty)
        {
            var entry = _waiting.Entries[0];
            if (!batch.TryAppend(entry.Timestamp, _waiting.TextOf(entry), entry.Stream, entry.Originator, entry.End))
                return false;

            _waiting.RemoveFirst(1);
            if (_waiting.Entries.IsEmpty)
            {
                _waiting.Dispose();
                SetCut(batch, entry.End == LineEnd.Continues ? _lines[(int)entry.Stream] : null);
            }
        }

        return true;
    }

    private bool TryEndEarly(LogBatch batch, OpenLine line)
    {
        if (!line.IsWhole)
        {
            batch.Add(new LogNotice(LogNoticeKind.LineCut, $"A line above {maxLineBytes} bytes is broken where too many lines of the other output stream came between."));
            line.Add(line.Time, [], ends: true);
        }

        return TryMove(batch, line, LineEnd.LineFeed);
    }

    private void SetCut(LogBatch batch, OpenLine? line)
    {
        if (line is not null && _cut is null)
            batch.Add(new LogNotice(LogNoticeKind.LineCut, $"A line above {maxLineBytes} bytes comes in parts."));

        _cut = line;
    }

    // Invalid UTF-8 may grow threefold when it is replaced.
    private bool Fits(ReadOnlySpan<byte> text) => text.Length * 3L <= maxLineBytes || (text.Length <= maxLineBytes && Utf8.IsValid(text));

    private int PartLength(ReadOnlySpan<byte> text)
    {
        var cut = LogBatch.CutLength(text, maxLineBytes);
        return Utf8.IsValid(text[..cut]) ? cut : LogBatch.CutLength(text, maxLineBytes / 3);
    }
}
