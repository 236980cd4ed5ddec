namespace RunLogs.Host.Tailing;

/// <summary>The lines delivered of one second: their number, and the sum of their hashes whatever their order.</summary>
internal sealed class SecondCount(long second)
{
    public long Second => second;

    public long Lines { get; private set; }

    public ulong Digest { get; private set; }

    public void Add(ulong hash)
    {
        Lines++;
        Digest = unchecked(Digest + hash);
    }
}
