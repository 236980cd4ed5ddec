using System.IO.Hashing;
using System.Text;
using RunLogs.Protos.V1;

namespace RunLogs.EndToEnd.Tests.Seam;

/// <summary>A client's own count of the lines of one call: what its closing record must say too.</summary>
internal sealed class OwnCount
{
    private readonly XxHash128 _hash = new();
    private readonly Dictionary<string, ulong> _shares = [];

    public ulong Lines { get; private set; }

    public ulong Bytes { get; private set; }

    public string Hash => Convert.ToHexString(_hash.GetCurrentHash());

    /// <summary>Counts a message as it came, and the backend it came from where the protocol says.</summary>
    public void Add(string message, string? backend)
    {
        Lines++;
        Bytes += (ulong)Encoding.UTF8.GetByteCount(message);
        Append(_hash, WithoutLineEnd(message));
        if (backend is not null)
        {
            _shares[backend] = _shares.GetValueOrDefault(backend) + 1;
        }
    }

    /// <summary>What a closing record says otherwise; null when it says the same.</summary>
    public string? Differs(Closing? closing)
    {
        if (closing is null)
        {
            return "the call ended without a closing record";
        }

        var hash = Convert.ToHexString(closing.Hash.Span);
        if (closing.Lines != Lines || closing.Bytes != Bytes || hash != Hash)
        {
            return $"the closing record says {closing.Lines} lines, {closing.Bytes} bytes, {hash}; counted were {Lines}, {Bytes}, {Hash}";
        }

        var shares = closing.Sources.ToDictionary(share => share.Backend, share => share.Lines);
        return shares.Values.Aggregate(0UL, (sum, lines) => sum + lines) != Lines || _shares.Any(share => shares.GetValueOrDefault(share.Key) != share.Value)
            ? $"the closing record's sources {closing.Sources} are not those counted: {string.Join(", ", _shares)}"
            : null;
    }

    public static string WithoutLineEnd(string message) => message.EndsWith('\n') ? message[..^1] : message;

    public static void Append(XxHash128 hash, string text)
    {
        hash.Append(Encoding.UTF8.GetBytes(text));
        hash.Append("\n"u8);
    }
}
