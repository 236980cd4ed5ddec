using System.IO.Hashing;
using System.Security.Cryptography;
using System.Text;
using RunLogs.Abstractions;
using RunLogs.Host.Contexts;
using RunLogs.Host.Tailing;

namespace RunLogs.Host.Cursors;

/// <summary>What a cursor is good for: one target, one choice of its containers and one filter. From where to where may differ when it is used.</summary>
/// <param name="Attempt">The attempt's number; 0 for a pod named directly.</param>
/// <param name="Fingerprint">What must be the same in the call that uses it.</param>
internal sealed record CursorTarget(uint Attempt, string Fingerprint)
{
    /// <summary>The length of a fingerprint.</summary>
    public const int FingerprintBytes = 16;

    public static CursorTarget Of(AttemptLogs found, ContainerSelection containers, bool previous, TailFilter? filter)
    {
        var attempt = found.Attempt;
        string[] target = ["attempt", attempt.Org, attempt.Project, attempt.Domain, attempt.Run, attempt.Action, $"{attempt.Attempt}"];
        return Of(attempt.Attempt, target, containers, found.Logs, previous, filter);
    }

    public static CursorTarget Of(PodTarget pod, IReadOnlyList<TailRequest> logs, bool previous, TailFilter? filter) =>
        Of(0, ["pod", pod.Uid], ContainerSelection.Primary, logs, previous, filter);

    /// <summary>One log among those of a target.</summary>
    public static ulong LogOf(TailRequest log) => XxHash3.HashToUInt64(Encoding.UTF8.GetBytes($"{log.Cluster}/{log.Namespace}/{log.Pod}/{log.Container}"));

    private static CursorTarget Of(uint attempt, string[] target, ContainerSelection containers, IReadOnlyList<TailRequest> logs, bool previous, TailFilter? filter)
    {
        // Pods may join an attempt: of all of them, only what was asked for stays.
        var chosen = containers.AllPods ? containers.Names : logs.Select(log => $"{log.Cluster}/{log.Namespace}/{log.Pod}/{log.Container}");
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        foreach (var part in target.Concat([containers.AllPods ? "all" : "", previous ? "previous" : "", filter?.Identity ?? ""]).Concat(chosen.Order(StringComparer.Ordinal)))
        {
            writer.Write(part);
        }

        writer.Flush();
        return new CursorTarget(attempt, Convert.ToHexString(SHA256.HashData(bytes.ToArray()).AsSpan(0, FingerprintBytes)));
    }
}
