using System.Runtime.CompilerServices;
using System.Text.Unicode;
using RunLogs.Abstractions;

namespace RunLogs.Plugins.Kubernetes;

/// <summary>Reads one open log, from bytes to batches.</summary>
internal sealed class PodLogReader(LineFilter filter, BatchWriter output, TailRequest request, int maxLineBytes) : IDisposable
{
    private readonly LogLineParser _parser = new();
    private readonly ReadBuffer _buffer = new();
    private readonly int _partIfInvalid = maxLineBytes / 3;

    // A line longer than the limit stays open over several parts.
    private bool _inLine;
    private bool _taken;
    private bool _cut;
    private LogTimestamp _time;
    private LogMark _mark;

    // Within the rest of a line that began before the time that was asked for.
    private bool _inRest;

    /// <summary>Whether the log is asked for from a time on: of a line of several entries the kubelet cuts those before it off, with the stamp.</summary>
    public bool MayBeginWithinLine { get; init; }

    /// <summary>How to wait for what is still to come.</summary>
    public Func<Task<int>, CancellationToken, Task<int>> Wait { get; set; } = (read, _) => read;

    /// <summary>How many lines were read, asked for or not.</summary>
    public long Lines { get; private set; }

    /// <summary>The latest time of a whole line; null before the first one.</summary>
    public LogTimestamp? Newest { get; private set; }

    /// <summary>What was read last, with what followed the last line feed.</summary>
    public LogMark End
    {
        get
        {
            var (rest, end) = (_buffer.Rest.Length, _mark);
            if (_inLine)
            {
                end.AddBytes(rest);
            }
            else if (rest > 0 && _parser.TrySplit(_buffer.Rest, out var time, out var textStart))
            {
                end.AddLine(time);
                end.AddBytes(rest - textStart);
            }

            return end;
        }
    }

    /// <summary>Reads to a clean end; what follows the last line feed is kept back.</summary>
    public async Task ReadAsync(Stream body, CancellationToken cancellationToken)
    {
        while (true)
        {
            // With nothing to keep, wait without a buffer: most followed logs are quiet most of the time.
            var read = await FlushUnlessReadyAsync(body.ReadAsync(RoomIfKept(), cancellationToken), cancellationToken);
            if (!_buffer.IsRented)
            {
                read = await body.ReadAsync(_buffer.Room(), cancellationToken);
            }

            if (read == 0)
            {
                CheckUnterminated();
                return;
            }

            _buffer.Add(read);
            while (!TakeLines())
            {
                await output.FlushAsync(cancellationToken);
            }
        }
    }

    /// <summary>Takes what follows the last line feed as the container's last line.</summary>
    public async Task TakeUnterminatedAsync(CancellationToken cancellationToken)
    {
        if (_buffer.IsEmpty)
        {
            return;
        }

        while (!TakeLine(_buffer.Rest, LineEnd.None))
        {
            await output.FlushAsync(cancellationToken);
        }
    }

    public void Dispose() => _buffer.GiveBack();

    // The kubelet ends its own words without a line feed.
    private void CheckUnterminated()
    {
        if (!_buffer.IsEmpty && !_inLine && !_inRest && !_parser.TrySplit(_buffer.Rest, out _, out _))
        {
            throw BodyText.ToException(_buffer.Rest, request, Lines > 0);
        }
    }

    // What was taken must not wait for what is still to come.
    private ValueTask<int> FlushUnlessReadyAsync(ValueTask<int> read, CancellationToken cancellationToken) =>
        read.IsCompleted ? read : new ValueTask<int>(FlushWhileReadingAsync(read.AsTask(), cancellationToken));

    private async Task<int> FlushWhileReadingAsync(Task<int> read, CancellationToken cancellationToken)
    {
        try
        {
            await output.FlushAsync(cancellationToken);
            return await Wait(read, cancellationToken);
        }
        catch
        {
            _buffer.GiveBackAfter(read);
            throw;
        }
    }

    // Takes all whole lines, and parts of a line that is longer than the limit; false when the batch is full.
    private bool TakeLines()
    {
        while (!_buffer.IsEmpty)
        {
            var feed = _buffer.IndexOfLineFeed();
            if (feed >= 0)
            {
                if (!TakeLine(_buffer.Rest[..feed], LineEnd.LineFeed))
                {
                    return false;
                }

                _buffer.Consume(1);
                continue;
            }

            if (_buffer.Rest.Length <= maxLineBytes + LogLineParser.LongestStamp)
            {
                return true;
            }

            if (!TakeLine(_buffer.Rest, LineEnd.Continues))
            {
                return false;
            }
        }

        return true;
    }

    // Takes a line, or with Continues the parts of it that are whole for sure; false when the batch is full.
    private bool TakeLine(ReadOnlySpan<byte> line, LineEnd end)
    {
        if (!_inLine)
        {
            var textStart = 0;
            if (_inRest || !_parser.TrySplit(line, out _time, out textStart))
            {
                // The kubelet ends its own words without a line feed.
                return _inRest || (MayBeginWithinLine && end != LineEnd.None && !BodyText.IsKnown(line))
                    ? SkipRest(line, end)
                    : throw BodyText.ToException(line, request, Lines > 0);
            }

            (_inLine, _cut, _taken) = (true, false, filter.Takes(_time));
            _mark.AddLine(_time);
            Lines++;
            _buffer.Consume(textStart);
            line = line[textStart..];
        }

        while (true)
        {
            if (end == LineEnd.Continues && line.Length <= maxLineBytes)
            {
                return true;
            }

            var part = Part(line);
            if (_taken && !TryAppend(line[..part], part == line.Length ? end : LineEnd.Continues))
            {
                return false;
            }

            _buffer.Consume(part);
            _mark.AddBytes(part);
            line = line[part..];
            if (line.IsEmpty)
            {
                _inLine = false;
                if (end == LineEnd.LineFeed)
                {
                    _mark.AddBytes(1);
                    Newest = Newest > _time ? Newest : _time;
                }

                return true;
            }
        }
    }

    private bool SkipRest(ReadOnlySpan<byte> line, LineEnd end)
    {
        _inRest = end == LineEnd.Continues;
        _buffer.Consume(line.Length);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryAppend(ReadOnlySpan<byte> part, LineEnd end)
    {
        if (!output.TryAppend(_time, part, end))
        {
            return false;
        }

        if (end == LineEnd.Continues && !_cut)
        {
            _cut = true;
            output.Add(new LogNotice(LogNoticeKind.LineCut, $"A line above {maxLineBytes} bytes comes in parts."));
        }

        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Part(ReadOnlySpan<byte> text)
    {
        // Every invalid byte may become the three bytes of U+FFFD.
        if (text.Length <= _partIfInvalid)
        {
            return text.Length;
        }

        var part = LogBatch.CutLength(text, maxLineBytes);
        return Utf8.IsValid(text[..part]) ? part : LogBatch.CutLength(text, _partIfInvalid);
    }

    private Memory<byte> RoomIfKept()
    {
        if (!_buffer.IsEmpty)
        {
            return _buffer.Room();
        }

        _buffer.GiveBack();
        return Memory<byte>.Empty;
    }
}
