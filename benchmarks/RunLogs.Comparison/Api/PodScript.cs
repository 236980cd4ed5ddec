using System.Globalization;
using System.IO.Hashing;
using System.Text;

namespace RunLogs.Comparison.Api;

/// <summary>What a pod is, which its name tells: <c>log-1000</c> has ended with so many lines, <c>endless</c> writes as fast as it is read, <c>ticks-7</c> writes a line each second, <c>quiet-7</c> wrote one and is silent.</summary>
internal sealed record PodScript(string Name, PodKind Kind, long Lines)
{
    private const int Nodes = 100;

    public bool Runs => Kind != PodKind.Ended;

    /// <summary>A number of its own, the same whenever it is asked for.</summary>
    public UInt128 Identity => XxHash128.HashToUInt128(Encoding.UTF8.GetBytes(Name));

    public string Node => $"node-{(uint)Identity % Nodes}";

    public static PodScript? Parse(string name)
    {
        var parts = name.Split('-');
        return parts[0] switch
        {
            "log" when parts.Length > 1 && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var lines) => new(name, PodKind.Ended, lines),
            "endless" => new(name, PodKind.Endless, long.MaxValue),
            "ticks" => new(name, PodKind.Ticks, 0),
            "quiet" => new(name, PodKind.Quiet, 0),
            _ => null,
        };
    }
}
