using RunLogs.Comparison.Api;
using RunLogs.Protos.V1;

namespace RunLogs.Comparison.Rig;

/// <summary>What a whole log must be at whoever reads it.</summary>
internal sealed record ExpectedLog(string Pod, long Lines, string Hash)
{
    /// <summary>Of its body, with the times.</summary>
    public long Bytes => Lines * LogText.LineLength;

    public static ExpectedLog Of(long lines) => new($"log-{lines}", lines, LogText.HashOf(lines));

    /// <summary>Judges what a client counted itself.</summary>
    public void Check(string client, long lines, string hash)
    {
        if (lines != Lines || hash != Hash)
        {
            throw new WrongBytesException($"{client} got {lines} lines with the hash {hash} of {Pod}, which has {Lines} with {Hash}.");
        }
    }

    /// <summary>Judges the size of a raw body.</summary>
    public void CheckBytes(string client, long bytes)
    {
        if (bytes != Bytes)
        {
            throw new WrongBytesException($"{client} got {bytes} bytes of {Pod}, which has {Bytes}.");
        }
    }

    /// <summary>Judges the record with which the host ends a tail, and how much came before it.</summary>
    public void Check(string client, Closing closing, long received)
    {
        if (closing.Completeness != Closing.Types.Completeness.Complete || received < Lines * LogText.TextLength)
        {
            throw new WrongBytesException($"{client} got {received} bytes of {Pod}, which ended as {closing}.");
        }

        Check(client, (long)closing.Lines, Convert.ToHexStringLower(closing.Hash.Span));
    }
}
