using System.IO.Hashing;
using System.Text;

namespace RunLogs.EndToEnd.Tests.Seam;

/// <summary>A client's own count of the lines of one call: what its closing record must say too.</summary>
internal sealed class OwnCount
{
    private readonly XxHash128 _hash = new();
    private readonly Dictionary<string, ulong> _shares = [];

    public ulong Lines { get; private set; }

    public ulong Bytes { get; private set; }

    public string Hash => Convert.ToHexString(_hash.GetCurrentHash());

    public IReadOnlyDictionary<string, ulong> Shares => _shares;

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

    public static string WithoutLineEnd(string message) => message.EndsWith('\n') ? message[..^1] : message;

    public static void Append(XxHash128 hash, string text)
    {
        hash.Append(Encoding.UTF8.GetBytes(text));
        hash.Append("\n"u8);
    }
}
