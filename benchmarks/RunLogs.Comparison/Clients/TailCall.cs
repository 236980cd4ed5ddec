using System.Buffers.Binary;
using Google.Protobuf;
using RunLogs.Comparison.Rig;
using RunLogs.Protos.Flyte.Dataproxy;
using RunLogs.Protos.V1;

namespace RunLogs.Comparison.Clients;

/// <summary>A call of Flyte's <c>TailLogs</c> in bytes.</summary>
internal static class TailCall
{
    public const string Path = "flyteidl2.dataproxy.DataProxyService/TailLogs";

    private const string ClosingName = "runlogs-closing-bin";

    public static RunLogs.Protos.Flyte.Dataproxy.TailLogsRequest Of(string pod) => new() { ActionId = HostServer.ActionOf(pod), Attempt = 1 };

    /// <summary>The request with the five bytes that all protocols put before a message.</summary>
    public static byte[] Envelope(string pod)
    {
        var message = Of(pod).ToByteArray();
        var envelope = new byte[5 + message.Length];
        BinaryPrimitives.WriteInt32BigEndian(envelope.AsSpan(1), message.Length);
        message.CopyTo(envelope, 5);
        return envelope;
    }

    /// <summary>The closing record in trailers, one a line.</summary>
    public static Closing ClosingOf(string trailers)
    {
        var value = trailers.Split('\n').Select(line => line.Split(':', 2)).FirstOrDefault(pair => pair[0].Trim().Equals(ClosingName, StringComparison.OrdinalIgnoreCase))?[1].Trim()
            ?? throw new WrongBytesException($"The host ended a tail without a closing record: {trailers}");
        return ClosingOfBase64(value);
    }

    /// <summary>The closing record in its header's form, which may lack its padding.</summary>
    public static Closing ClosingOfBase64(string value) => Closing.Parser.ParseFrom(Convert.FromBase64String(value.PadRight((value.Length + 3) / 4 * 4, '=')));
}
