using System.Buffers.Binary;
using RunLogs.Comparison.Rig;
using RunLogs.Protos.Flyte.Dataproxy;

namespace RunLogs.Comparison.Clients;

/// <summary>A .NET client with generated messages of the protocols whose last message says that it is the last, which looks at every line.</summary>
internal sealed class EnvelopeParsingClient(DiscardingClient client)
{
    private const int HeadLength = 5;

    public async Task TailAsync(WireProtocol protocol, ExpectedLog expected, CancellationToken cancellationToken)
    {
        using var response = await client.OpenAsync(protocol, expected.Pod, cancellationToken);
        await using var body = new BufferedStream(await response.Content.ReadAsStreamAsync(cancellationToken), 64 * 1024);
        var (received, head, message) = (new ReceivedLines(), new byte[HeadLength], new byte[64 * 1024]);
        while (true)
        {
            await body.ReadExactlyAsync(head, cancellationToken);
            if (head[0] != 0)
            {
                break;
            }

            var length = BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(1));
            message = message.Length < length ? new byte[length] : message;
            await body.ReadExactlyAsync(message.AsMemory(0, length), cancellationToken);
            received.Add(TailLogsResponse.Parser.ParseFrom(message, 0, length));
        }

        received.Check(expected, $"The parsing client of {protocol}");
    }
}
