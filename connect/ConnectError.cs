using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Collections;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace RunLogs.Connect;

/// <summary>An error as Connect writes it: a code, a sentence and typed details, in JSON whatever the codec.</summary>
internal sealed record ConnectError(ConnectCode Code, string Message, IReadOnlyList<Any> Details)
{
    private const string DetailsTrailer = "grpc-status-details-bin";

    public static JsonWriterOptions Readable { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public ConnectError(StatusCode code, string message) : this(ConnectCode.Of(code), message, [])
    {
    }

    public static ConnectError From(Status status, Metadata trailers) =>
        new(ConnectCode.Of(status.StatusCode), status.Detail ?? "", DetailsOf(trailers));

    public ReadOnlyMemory<byte> ToJson()
    {
        var json = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(json, Readable))
            WriteTo(writer);
        return json.WrittenMemory;
    }

    public void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("code", Code.Name);
        if (Message.Length > 0)
            writer.WriteString("message", Message);
        if (Details.Count > 0)
        {
            writer.WriteStartArray("details");
            foreach (var detail in Details)
            {
                writer.WriteStartObject();
                writer.WriteString("type", detail.TypeUrl[(detail.TypeUrl.LastIndexOf('/') + 1)..]);
                writer.WriteString("value", UnpaddedBase64.Encode(detail.Value.Span));
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private static RepeatedField<Any> DetailsOf(Metadata trailers)
    {
        if (trailers.GetValueBytes(DetailsTrailer) is not { } bytes)
            return [];

        try
        {
            return Google.Rpc.Status.Parser.ParseFrom(bytes).Details;
        }
        catch (InvalidProtocolBufferException)
        {
            // The service's own trailer is not what its name says; the code and the message still stand.
            return [];
        }
    }
}
