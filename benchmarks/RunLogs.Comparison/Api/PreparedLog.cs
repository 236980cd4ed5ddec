namespace RunLogs.Comparison.Api;

/// <summary>The beginning of the log in one array, framed: what is asked for again and again costs nothing to make.</summary>
internal sealed class PreparedLog
{
    private readonly byte[] _framed;

    public PreparedLog(long lines)
    {
        Seconds = lines / LogText.LinesPerSecond;
        _framed = new byte[checked((int)Seconds) * LogText.FramedLength];
        var second = LogText.NewSecond();
        for (var i = 0; i < Seconds; i++)
        {
            LogText.Stamp(second, i);
            second.CopyTo(_framed, i * LogText.FramedLength);
        }
    }

    /// <summary>How many seconds there are.</summary>
    public long Seconds { get; }

    public Memory<byte> Range(long from, long to) => _framed.AsMemory((int)from * LogText.FramedLength, (int)(to - from) * LogText.FramedLength);
}
