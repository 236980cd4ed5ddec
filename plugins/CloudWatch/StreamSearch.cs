using System.Text.RegularExpressions;
using RunLogs.Abstractions;

namespace RunLogs.Plugins.CloudWatch;

/// <summary>Finds the streams of a container's instances, oldest first: by the names an agent gives them, else by the names within its events.</summary>
internal sealed class StreamSearch(LogsCalls calls, LogGroup group, CloudWatchSettings settings, TailRequest request, EventDecoder decoder, EventWindow lifetime, TimeProvider time)
{
    private const int MostStreams = 500;

    // A scan of a whole group is bounded: a container whose start is not known is searched for this long before its end.
    private static readonly TimeSpan Reach = TimeSpan.FromDays(1);
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(2);

    private readonly Dictionary<string, InstanceStream> _known = [];
    private string? _node = string.IsNullOrEmpty(request.Node) ? null : request.Node;

    /// <summary>The instances that have events; empty when there are none.</summary>
    public async Task<IReadOnlyList<InstanceStream>> FindAsync(CancellationToken cancellationToken)
    {
        var (prefix, namesPod) = settings.LogStream.PrefixFor(Known);
        if (!namesPod && settings.LogStream.NamesPod && !await TryFindNodeAsync(cancellationToken))
            return [];

        (prefix, _) = settings.LogStream.PrefixFor(Known);
        var pattern = settings.LogStream.PatternFor(Known);
        var streams = new List<InstanceStream>();
        foreach (var (stream, containerId) in await ListAsync(prefix, pattern, cancellationToken))
        {
            if (await OpenAsync(stream, containerId, cancellationToken) is { } instance)
                streams.Add(instance);
        }

        return OfOnePod(streams);
    }

    private string? Known(string placeholder) => placeholder switch
    {
        "cluster" => settings.ClusterName,
        "node" => _node,
        "namespace" => request.Namespace,
        "pod" => request.Pod,
        "container" => request.Container,
        _ => null,
    };

    // Pages of names; one more than are wanted is never asked for.
    private async Task<IReadOnlyList<(LogStream Stream, string? ContainerId)>> ListAsync(string prefix, Regex pattern, CancellationToken cancellationToken)
    {
        var found = new List<(LogStream, string?)>();
        string? token = null;
        do
        {
            var page = await calls.DescribeLogStreamsAsync(new DescribeLogStreamsRequest
            {
                LogGroupName = group.Name,
                LogGroupIdentifier = group.Identifier,
                LogStreamNamePrefix = prefix.Length > 0 ? prefix : null,
                NextToken = token,
                Limit = 50,
            }, cancellationToken);
            foreach (var stream in page.LogStreams)
            {
                if (pattern.Match(stream.LogStreamName) is { Success: true } match)
                    found.Add((stream, match.Groups["containerId"] is { Success: true } id ? id.Value : null));
            }

            token = page.NextToken == token ? null : page.NextToken;
        }
        while (token is not null && found.Count < MostStreams);

        return found;
    }

    // A pod stays on its node: one event tells the node, and that the beginning of its streams' names.
    private async Task<bool> TryFindNodeAsync(CancellationToken cancellationToken)
    {
        var window = lifetime with { From = Math.Max(lifetime.From, Math.Min(lifetime.To, time.GetUtcNow().ToUnixTimeMilliseconds()) - (long)Reach.TotalMilliseconds) };
        var pattern = settings.LogStream.PatternFor(Known);
        string? token = null;
        do
        {
            var page = await calls.FilterLogEventsAsync(new FilterLogEventsRequest
            {
                LogGroupName = group.Name,
                LogGroupIdentifier = group.Identifier,
                StartTime = window.From,
                EndTime = window.To - 1,
                FilterPattern = FilterPattern.For(request.Namespace, request.Pod, request.Container, request.PodUid),
                NextToken = token,
            }, cancellationToken);

            // The last match is the newest: a pod of the same name may have run elsewhere before.
            foreach (var found in page.Events)
            {
                if (window.Contains(found.Timestamp) && pattern.Match(found.LogStreamName) is { Success: true } match && match.Groups["node"] is { Success: true } node
                    && decoder.Decode(found.Timestamp, found.Message) is not null)
                {
                    _node = node.Value;
                }
            }

            token = page.NextToken == token ? null : page.NextToken;
        }
        while (token is not null);

        return _node is not null;
    }

    // Its first event tells whose it is; one without any is none of ours.
    private async Task<InstanceStream?> OpenAsync(LogStream stream, string? containerId, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue(stream.LogStreamName, out var known))
            return known;

        // A stream without an id in its name may hold the events of several.
        var isOneContainers = containerId is not null;
        var reader = new EventReader(calls, group, stream.LogStreamName, lifetime.OfStream(stream.CreationTime), time) { PageSize = isOneContainers ? 1 : 1000 };
        while (true)
        {
            var page = await reader.ReadAsync(cancellationToken);
            foreach (var first in page)
            {
                if (decoder.Decode(first.Timestamp, first.Message) is { } content)
                {
                    return _known[stream.LogStreamName] = new InstanceStream(
                        stream.LogStreamName, stream.CreationTime, containerId ?? content.ContainerId, content.PodUid, content.Node, first.Timestamp);
                }
            }

            if (reader.IsAtEnd || (page.Count > 0 && isOneContainers))
                return null;
        }
    }

    // Of several pods of one name, the newest that began before the end asked for: those of another UID were left out already.
    private InstanceStream[] OfOnePod(List<InstanceStream> streams)
    {
        var latest = request.EndedAt is { } end ? end.Add(Tolerance).ToDateTimeOffset().ToUnixTimeMilliseconds() : long.MaxValue;
        var ordered = streams.Where(stream => stream.FirstEvent <= latest)
            .OrderBy(stream => stream.CreationTime).ThenBy(stream => stream.FirstEvent).ThenBy(stream => stream.Name, StringComparer.Ordinal).ToArray();
        var pod = request.PodUid is { Length: > 0 } uid ? uid : ordered.LastOrDefault()?.PodUid;
        return [.. ordered.Where(stream => pod is null || stream.PodUid is null || stream.PodUid == pod)];
    }
}
