using System.IO.Hashing;
using RunLogs.Comparison.Api;

namespace RunLogs.Comparison.Clients;

/// <summary>Reads the lines of a raw log and keeps what tells whether they are the right ones.</summary>
internal static class RawLines
{
    private const int TextStart = LogText.StampLength + 1;

    public static async Task<(long Lines, string Hash)> ReadAsync(Stream body, CancellationToken cancellationToken)
    {
        var (buffer, kept, lines, hash) = (new byte[256 * 1024], 0, 0L, new XxHash128());
        for (int read; (read = await body.ReadAsync(buffer.AsMemory(kept), cancellationToken)) > 0;)
        {
            var rest = buffer.AsSpan(0, kept + read);
            for (int end; (end = rest.IndexOf((byte)'\n')) >= 0; lines++)
            {
                hash.Append(rest[Math.Min(TextStart, end)..(end + 1)]);
                rest = rest[(end + 1)..];
            }

            rest.CopyTo(buffer);
            kept = rest.Length;
        }

        return (lines, Convert.ToHexStringLower(hash.GetCurrentHash()));
    }
}
