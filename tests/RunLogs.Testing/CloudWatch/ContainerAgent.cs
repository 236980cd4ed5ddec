using System.Text;
using System.Text.Json.Nodes;
using RunLogs.Abstractions;

namespace RunLogs.Testing.CloudWatch;

/// <summary>What Fluent Bit makes of a container's log: an event for each record of the runtime, in an envelope of JSON.</summary>
public static class ContainerAgent
{
    /// <summary>The events, none older than <paramref name="notBefore"/>: agents send in order.</summary>
    public static IReadOnlyList<(long Timestamp, string Message)> Events(SomeContainer container, string containerId, long notBefore, params IEnumerable<WrittenLine> lines)
    {
        var events = new List<(long, string)>();
        var decoders = new Dictionary<string, Decoder>();
        ReadOnlySpan<byte> rest = CriLog.Encode(lines);
        while (rest.IndexOf((byte)'\n') is var end and >= 0)
        {
            var record = rest[..end];
            rest = rest[(end + 1)..];
            var head = Encoding.UTF8.GetString(record).Split(' ', 4)[..3];
            var text = record[(head[0].Length + head[1].Length + 4)..];
            notBefore = Math.Max(notBefore, Some.Time(head[0]).ToDateTimeOffset().ToUnixTimeMilliseconds());
            events.Add((notBefore, Envelope(container, containerId, head[0], head[1], head[2], Decode(decoders, head[1], text, head[2] == "F"))));
        }

        return events;
    }

    // A character that the runtime cut in two belongs to the part in which it ends.
    private static string Decode(Dictionary<string, Decoder> decoders, string stream, ReadOnlySpan<byte> text, bool ends)
    {
        if (!decoders.TryGetValue(stream, out var decoder))
            decoders[stream] = decoder = Encoding.UTF8.GetDecoder();

        var characters = new char[Encoding.UTF8.GetMaxCharCount(text.Length + 4)];
        return new string(characters, 0, decoder.GetChars(text, characters, flush: ends));
    }

    public static string Envelope(SomeContainer container, string containerId, string time, string stream, string flag, string log) => new JsonObject
    {
        ["time"] = time,
        ["stream"] = stream,
        ["_p"] = flag,
        ["log"] = log,
        ["kubernetes"] = new JsonObject
        {
            ["pod_name"] = container.Pod,
            ["namespace_name"] = container.Namespace,
            ["pod_id"] = container.PodUid,
            ["host"] = container.Node,
            ["container_name"] = container.Name,
            ["docker_id"] = containerId,
            ["container_image"] = "example/task:1",
        },
    }.ToJsonString();
}
