using System.Buffers;

namespace RunLogs.Host.Contexts;

/// <summary>The forms of names in Kubernetes.</summary>
internal static class KubernetesNames
{
    private static readonly SearchValues<char> LabelCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");
    private static readonly SearchValues<char> ValueCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.");

    /// <summary>DNS-1123 label: namespaces and containers.</summary>
    public static bool IsLabel(string name) => name.Length <= 63 && IsPart(name);

    /// <summary>DNS-1123 subdomain: pods and nodes.</summary>
    public static bool IsSubdomain(string name)
    {
        if (name.Length > 253)
        {
            return false;
        }

        foreach (var part in name.AsSpan().Split('.'))
        {
            if (!IsPart(name.AsSpan()[part]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The characters of a label's value, at a length that clusters' names reach.</summary>
    public static bool IsLabelLike(string value) => value.Length is >= 1 and <= 253 && !value.AsSpan().ContainsAnyExcept(ValueCharacters)
        && char.IsAsciiLetterOrDigit(value[0]) && char.IsAsciiLetterOrDigit(value[^1]);

    private static bool IsPart(ReadOnlySpan<char> part) => part.Length >= 1 && !part.ContainsAnyExcept(LabelCharacters) && part[0] != '-' && part[^1] != '-';
}
