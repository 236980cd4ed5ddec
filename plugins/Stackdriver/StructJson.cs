using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Google.Protobuf.WellKnownTypes;

namespace RunLogs.Plugins.Stackdriver;

/// <summary>Writes a JSON payload as one compact line, the same at every reading: the order of its keys is lost, so they are sorted.</summary>
internal static class StructJson
{
    // Beyond it not every integer is a double.
    private const double ExactIntegers = 9_007_199_254_740_992;

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static ReadOnlyMemory<byte> Write(Struct payload, ArrayBufferWriter<byte> buffer)
    {
        buffer.ResetWrittenCount();
        using var writer = new Utf8JsonWriter(buffer, Options);
        Write(payload, writer);
        writer.Flush();
        return buffer.WrittenMemory;
    }

    private static void Write(Struct payload, Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        foreach (var (key, value) in payload.Fields.OrderBy(field => field.Key, StringComparer.Ordinal))
        {
            writer.WritePropertyName(key);
            Write(value, writer);
        }

        writer.WriteEndObject();
    }

    private static void Write(Value value, Utf8JsonWriter writer)
    {
        switch (value.KindCase)
        {
            case Value.KindOneofCase.StructValue:
                Write(value.StructValue, writer);
                break;
            case Value.KindOneofCase.ListValue:
                writer.WriteStartArray();
                foreach (var item in value.ListValue.Values)
                    Write(item, writer);

                writer.WriteEndArray();
                break;
            case Value.KindOneofCase.StringValue:
                writer.WriteStringValue(value.StringValue);
                break;
            case Value.KindOneofCase.BoolValue:
                writer.WriteBooleanValue(value.BoolValue);
                break;
            case Value.KindOneofCase.NumberValue:
                Write(value.NumberValue, writer);
                break;
            default:
                writer.WriteNullValue();
                break;
        }
    }

    private static void Write(double number, Utf8JsonWriter writer)
    {
        if (Math.Abs(number) <= ExactIntegers && number == Math.Floor(number))
            writer.WriteNumberValue((long)number);
        else if (double.IsFinite(number))
            writer.WriteNumberValue(number);
        else
            writer.WriteStringValue(double.IsNaN(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity");
    }
}
