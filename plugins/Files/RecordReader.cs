using System.Buffers;
using RunLogs.Abstractions;

namespace RunLogs.Plugins.Files;

/// <summary>Reads the records of one instance's files into batches; the parts of a line may lie in two files.</summary>
internal sealed class RecordReader(LineFilter filter, int maxLineBytes) : IDisposable
{
    private const int BufferBytes = 128 * 1024;

    private readonly LineJoiner _lines = new(filter, maxLineBytes);
    private byte[] _buffer = [];
    private int _start;
    private int _end;
    // The head of a record longer than the buffer, whose beginning was taken already.
    private CriRecord? _begun;

    public int OpenLines => _lines.OpenLines;

    /// <summary>Whether any bytes came in the last call of <see cref="TryRead"/>.</summary>
    public bool HasRead { get; private set; }

    /// <summary>Reads on to the file's end as it is now; false when the batch is full: call again with an empty one.</summary>
    public bool TryRead(LogFile file, LogBatch batch, CancellationToken cancellationToken)
    {
        HasRead = false;
        if (_buffer.Length == 0)
            _buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);

        while (TryTakeRecords(batch))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var read = file.Read(_buffer.AsSpan(_end));
            if (read == 0)
                return true;

            HasRead = true;
            _end += read;
        }

        return false;
    }

    /// <summary>Takes what stands after the last line feed as a record: the file will not grow any more.</summary>
    public bool TryEndFile(LogBatch batch)
    {
        if ((_start < _end || _begun is not null) && !TryTake(batch, _buffer.AsSpan(_start, _end - _start), ends: true))
            return false;

        (_start, _end) = (0, 0);
        return true;
    }

    /// <summary>Ends the lines that will not go on: the instance is over.</summary>
    public bool TryEndInstance(LogBatch batch) => _lines.TryFinish(batch);

    /// <summary>Forgets what stands after the last line feed: the file was truncated.</summary>
    public void Forget() => (_start, _end, _begun) = (0, 0, null);

    /// <summary>Gives the buffer back while there is nothing to read.</summary>
    public void Rest()
    {
        if (_start == _end && _buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            (_buffer, _start, _end) = ([], 0, 0);
        }
    }

    public void Dispose()
    {
        Forget();
        Rest();
        _lines.Dispose();
    }

    // Takes all records in the buffer and makes room behind them.
    private bool TryTakeRecords(LogBatch batch)
    {
        for (int length; (length = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n')) >= 0; _start += length + 1)
        {
            if (!TryTake(batch, _buffer.AsSpan(_start, length), ends: true))
                return false;
        }

        if (_start == 0 && _end == _buffer.Length)
        {
            if (!TryTake(batch, _buffer, ends: false))
                return false;

            _start = _end;
        }

        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        return true;
    }

    private bool TryTake(LogBatch batch, ReadOnlySpan<byte> record, bool ends)
    {
        var head = _begun ?? CriRecord.Parse(record);
        var text = _begun is null ? record[head.TextOffset..] : record;
        if (!_lines.TryTake(batch, head.Timestamp, head.Stream, text, ends && !head.IsPart))
            return false;

        _begun = ends ? null : head;
        return true;
    }
}
