using System.Buffers;
using RunLogs.Abstractions;

namespace RunLogs.Plugins;

/// <summary>The line of one stream whose end has not come yet.</summary>
internal sealed class OpenLine(OutputStream stream)
{
    private byte[] _text = [];
    private int _length;
    private bool? _taken;

    public OutputStream Stream => stream;

    /// <summary>Whether there is such a line.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>Whether its last part has come.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>The time of its first part.</summary>
    public LogTimestamp Time { get; private set; }

    public ReadOnlySpan<byte> Text => _text.AsSpan(0, _length);

    public void Add(LogTimestamp time, ReadOnlySpan<byte> text, bool ends)
    {
        if (!IsOpen)
            (IsOpen, Time) = (true, time);

        IsWhole = ends;
        if (_taken == false)
            return;

        if (_text.Length - _length < text.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_text.Length * 2, _length + text.Length));
            Text.CopyTo(larger);
            Return();
            _text = larger;
        }

        text.CopyTo(_text.AsSpan(_length));
        _length += text.Length;
    }

    /// <summary>Asks the filter at the first of its texts, and keeps to the answer for the rest.</summary>
    public bool IsTakenBy(LineFilter filter)
    {
        _taken ??= filter.Takes(Time);
        if (_taken == false)
            _length = 0;

        return _taken.Value;
    }

    public void RemoveFirst(int bytes)
    {
        Text[bytes..].CopyTo(_text);
        _length -= bytes;
    }

    public void Close()
    {
        Return();
        (_text, _length, _taken, IsOpen, IsWhole) = ([], 0, null, false, false);
    }

    private void Return()
    {
        if (_text.Length > 0)
            ArrayPool<byte>.Shared.Return(_text);
    }
}
