using System.Globalization;
using RunLogs.Abstractions;

namespace RunLogs.Host.Samples;

/// <summary>A pod of the sample tree and the attempt it ran.</summary>
internal sealed record SamplePod
{
    public string Org { get; init; } = "";
    public string Project { get; init; } = "flytesnacks";
    public string Domain { get; init; } = "development";
    public required string Run { get; init; }
    public string Action { get; init; } = "a0";
    public uint Attempt { get; init; } = 1;
    public string Namespace => $"{Project}-{Domain}";
    public string Pod => string.Create(CultureInfo.InvariantCulture, $"{Run}-{Action}-{Attempt - 1}");
    public required string Uid { get; init; }
    public required IReadOnlyList<SampleContainer> Containers { get; init; }
    public required LogTimestamp Start { get; init; }

    /// <summary>When it ended; null while it runs.</summary>
    public LogTimestamp? End { get; init; }

    /// <summary>Where a kubelet keeps the log of one of its containers.</summary>
    public string LogFile(string root, string container) => Path.Combine(root, $"{Namespace}_{Pod}_{Uid}", container, "0.log");
}
