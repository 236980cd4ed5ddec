using System.Globalization;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace RunLogs.Connect;

/// <summary>Finds where a body departs from JSON or from its message, which the Protobuf parser does not say.</summary>
internal static class JsonFault
{
    // Each level reads its part of the body again, so a hostile body may not have many.
    private const int SearchDepth = 8;
    private const int LongestReason = 200;

    /// <summary>Whether the parser threw this over its input: both its own exceptions, and those of the values it converts.</summary>
    public static bool IsOne(Exception fault) => fault is InvalidProtocolBufferException or InvalidJsonException
        or InvalidOperationException or FormatException or ArgumentException or OverflowException;

    public static string Describe(ReadOnlyMemory<byte> body, MessageDescriptor type, JsonParser parser, Exception fault)
    {
        if (body.IsEmpty)
            return "The request body is empty, which is not JSON; an empty message is {}.";

        if (FindSyntaxFault(body.Span) is { } syntax)
            return $"The request body is not JSON at {PlaceOf(syntax)}.";

        try
        {
            // The limit also keeps this cheap: a document's cost grows with the square of its depth.
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = JsonCodec.RecursionLimit });
            var place = Find(document.RootElement, type, parser, SearchDepth, ref fault);
            return place.Length == 0
                ? $"The JSON does not fit {type.FullName}: {Reason(fault)}"
                : $"The JSON at \"{place}\" does not fit {type.FullName}: {Reason(fault)}";
        }
        catch (JsonException tooDeep)
        {
            return $"The JSON is more than {JsonCodec.RecursionLimit} levels deep at {PlaceOf(tooDeep)}.";
        }
    }

    private static JsonException? FindSyntaxFault(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = int.MaxValue });
        try
        {
            while (reader.Read())
                continue;
            return null;
        }
        catch (JsonException fault)
        {
            return fault;
        }
    }

    private static string PlaceOf(JsonException fault) =>
        string.Create(CultureInfo.InvariantCulture, $"line {fault.LineNumber + 1}, byte {fault.BytePositionInLine + 1}");

    // The path of the innermost value that does not parse on its own; empty when only the whole does not.
    private static string Find(JsonElement value, MessageDescriptor type, JsonParser parser, int depth, ref Exception fault)
    {
        if (depth == 0 || value.ValueKind != JsonValueKind.Object || type.File.Package == "google.protobuf")
            return "";

        foreach (var property in value.EnumerateObject())
        {
            var field = type.Fields.InDeclarationOrder().FirstOrDefault(f => f.JsonName == property.Name || f.Name == property.Name);
            if (field is null || Fits(property.Value.GetRawText(), field, type, parser, ref fault))
                continue;

            var (place, part) = (property.Name, property.Value);
            if (field is { IsRepeated: true, IsMap: false } && part.ValueKind == JsonValueKind.Array)
            {
                var index = 0;
                foreach (var element in part.EnumerateArray())
                {
                    if (!Fits($"[{element.GetRawText()}]", field, type, parser, ref fault))
                    {
                        (place, part) = ($"{place}[{index}]", element);
                        break;
                    }

                    index++;
                }
            }

            var inner = field is { FieldType: FieldType.Message, IsMap: false }
                ? Find(part, field.MessageType, parser, depth - 1, ref fault)
                : "";
            return inner.Length == 0 ? place : $"{place}.{inner}";
        }

        return "";
    }

    private static bool Fits(string json, FieldDescriptor field, MessageDescriptor type, JsonParser parser, ref Exception fault)
    {
        try
        {
            parser.Parse($"{{\"{JsonEncodedText.Encode(field.JsonName)}\":{json}}}", type);
            return true;
        }
        catch (Exception inner) when (IsOne(inner))
        {
            fault = inner;
            return false;
        }
    }

    private static string Reason(Exception fault) =>
        fault.Message.Length <= LongestReason ? fault.Message : $"{fault.Message.AsSpan(0, LongestReason)}...";
}
