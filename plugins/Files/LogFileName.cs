using System.Buffers;
using System.Globalization;

namespace RunLogs.Plugins.Files;

/// <summary>What a file's name tells: <c>n.log</c>, <c>n.log.20261122-180333</c> once rotated, <c>.gz</c> once compressed.</summary>
/// <param name="Instance">The restart count.</param>
/// <param name="Rotation">When it was rotated, in the kubelet's own form, which sorts; empty for the file being written.</param>
/// <param name="Compressed">Whether it is a gzip file.</param>
internal readonly record struct LogFileName(int Instance, string Rotation, bool Compressed)
{
    private static readonly SearchValues<char> RotationCharacters = SearchValues.Create("0123456789-");

    public bool IsCurrent => Rotation.Length == 0;

    public static bool TryParse(ReadOnlySpan<char> name, out LogFileName parsed)
    {
        parsed = default;
        var dot = name.IndexOf('.');
        if (dot < 1 || !int.TryParse(name[..dot], NumberStyles.None, CultureInfo.InvariantCulture, out var instance) || !name[dot..].StartsWith(".log", StringComparison.Ordinal))
            return false;

        var rest = name[(dot + ".log".Length)..];
        var compressed = rest.EndsWith(".gz", StringComparison.Ordinal);
        var rotation = compressed ? rest[..^".gz".Length] : rest;
        if (rotation.Length == 0 ? compressed : rotation is not ['.', _, ..] || rotation[1..].ContainsAnyExcept(RotationCharacters))
            return false;

        parsed = new LogFileName(instance, rotation.Length == 0 ? "" : rotation[1..].ToString(), compressed);
        return true;
    }

    public override string ToString() => $"{Instance}.log{(IsCurrent ? "" : "." + Rotation)}{(Compressed ? ".gz" : "")}";
}
