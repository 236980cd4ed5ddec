using System.Buffers;
using System.Text.Json;
using Grpc.Core;

namespace RunLogs.Connect;

/// <summary>The last envelope of a stream: the error, if any, and the trailing metadata, in JSON whatever the codec.</summary>
internal static class EndOfStream
{
    public static ReadOnlyMemory<byte> ToEnvelope(ConnectError? error, Metadata trailers)
    {
        var json = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(json, ConnectError.Readable))
        {
            writer.WriteStartObject();
            if (error is not null)
            {
                writer.WritePropertyName("error");
                error.WriteTo(writer);
            }

            WriteMetadata(writer, trailers);
            writer.WriteEndObject();
        }

        var envelope = new ArrayBufferWriter<byte>(json.WrittenCount + Envelope.HeadSize);
        Envelope.Write(envelope, Envelope.EndOfStream, json.WrittenSpan);
        return envelope.WrittenMemory;
    }

    private static void WriteMetadata(Utf8JsonWriter writer, Metadata trailers)
    {
        var byName = trailers.Where(trailer => !ConnectResponse.IsOfGrpc(trailer.Key)).GroupBy(trailer => trailer.Key).ToList();
        if (byName.Count == 0)
            return;

        writer.WriteStartObject("metadata");
        foreach (var values in byName)
        {
            writer.WriteStartArray(values.Key);
            foreach (var value in values)
                writer.WriteStringValue(ConnectResponse.ValueOf(value));
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }
}
