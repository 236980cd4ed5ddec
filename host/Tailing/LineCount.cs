namespace RunLogs.Host.Tailing;

/// <summary>The delivered lines of a span of time: their number, and the sum of their hashes whatever their order.</summary>
/// <param name="Start">Its first millisecond.</param>
/// <param name="End">The millisecond after its last.</param>
/// <param name="Lines">How many lines of it were delivered.</param>
/// <param name="Digest">The sum of their hashes.</param>
internal record struct LineCount(long Start, long End, long Lines, ulong Digest)
{
    // What a cursor has room for: sums are compared by their low 40 bits.
    private const ulong Compared = (1UL << 40) - 1;

    public static LineCount Timeless { get; } = new(LineMark.Timeless, LineMark.Timeless, 0, 0);

    /// <summary>A millisecond of which nothing was delivered yet.</summary>
    public static LineCount Of(long millisecond) => new(millisecond, millisecond + 1, 0, 0);

    public readonly bool Covers(long millisecond) => millisecond >= Start && millisecond < End;

    public void Add(long lines, ulong digest)
    {
        Lines = unchecked(Lines + lines);
        Digest = unchecked(Digest + digest) & Compared;
    }

    public readonly bool HasDigest(ulong digest) => ((Digest ^ digest) & Compared) == 0;
}
