using Grpc.Core;
using Microsoft.Extensions.Options;
using RunLogs.Abstractions;
using RunLogs.Host.Contexts;
using RunLogs.Host.Cursors;
using RunLogs.Host.Settings;
using RunLogs.Host.Tailing;

namespace RunLogs.Host.Api;

/// <summary>From what a client asks for to what is streamed.</summary>
internal sealed class TailPlanner(AttemptContexts contexts, IOptions<RunLogsOptions> options)
{
    /// <summary>Finds the logs, and where the client stands in them.</summary>
    public async Task<TailPlan> PlanAsync(TailQuery query, CancellationToken cancellationToken)
    {
        var (logs, target) = query.Pod is { } pod ? Named(pod, query) : await FoundAsync(query, cancellationToken);
        var positions = query.Cursor is { } cursor ? PositionsOf(cursor, target, logs) : [];
        return new TailPlan
        {
            Logs = [.. logs.Select((log, i) => Cut(log, query, positions.ElementAtOrDefault(i)))],
            Sources = query.Sources,
            Filter = query.Filter,
            Target = target,
            Positions = positions,
        };
    }

    private async Task<(IReadOnlyList<TailRequest>, CursorTarget)> FoundAsync(TailQuery query, CancellationToken cancellationToken)
    {
        // The latest attempt is the one that was the latest when the cursor was given.
        var attempt = query.Attempt == 0 && query.Cursor is { } cursor ? cursor.Target.Attempt : query.Attempt;
        var found = await contexts.FindAsync(query.Action, attempt, query.Containers, query.Follow, cancellationToken);
        return (found.Logs, CursorTarget.Of(found, query.Containers, query.Previous, query.Filter));
    }

    private (IReadOnlyList<TailRequest>, CursorTarget) Named(PodTarget pod, TailQuery query)
    {
        IReadOnlyList<string> containers = query.Containers.Names is { Count: > 0 } names ? names : [""];
        TailRequest[] logs =
        [
            .. containers.Select(container => new TailRequest
            {
                Cluster = pod.Cluster.Length > 0 ? pod.Cluster : options.Value.DefaultCluster,
                Namespace = pod.Namespace,
                Pod = pod.Name,
                PodUid = pod.Uid.Length > 0 ? pod.Uid : null,
                Container = container,
            }),
        ];
        return (logs, CursorTarget.Of(pod, logs, query.Previous, query.Filter));
    }

    private static PositionRecord?[] PositionsOf(TailCursor cursor, CursorTarget target, IReadOnlyList<TailRequest> logs)
    {
        if (cursor.Target != target)
        {
            throw Refused("The cursor belongs to another log or another filter: target, containers, all_pods, previous, contains and regex must be those of the call it came from.");
        }

        PositionRecord?[] positions = [.. logs.Select(log => cursor.Positions.GetValueOrDefault(CursorTarget.LogOf(log)))];
        var found = positions.Count(position => position is not null);
        return found == cursor.Positions.Count ? positions : throw Refused(
            $"The cursor stands in {cursor.Positions.Count - found} containers that are no longer part of this log: send none, and since instead.");
    }

    // Since and tail say where a log is entered: one that the client has lines of goes on where it stands.
    private static TailRequest Cut(TailRequest log, TailQuery query, PositionRecord? position) => log with
    {
        Previous = query.Previous,
        Follow = query.Follow,
        Since = query.Since > position?.Newest ? null : query.Since,
        Until = query.Until,
        TailLines = position is null ? query.TailLines : null,
    };

    private static TailFailedException Refused(string sentence) => new(StatusCode.InvalidArgument, sentence);
}
