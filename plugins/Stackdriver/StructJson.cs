using System.Globalization;
using System.Text;
using Google.Protobuf.WellKnownTypes;

namespace RunLogs.Plugins.Stackdriver;

/// <summary>Writes a JSON payload as one compact line, the same at every reading: the order of its keys is lost, so they are sorted.</summary>
/// <remarks>Text stays as it is: the framework's writer would escape every emoji.</remarks>
internal static class StructJson
{
    // Beyond it not every integer is a double.
    private const double ExactIntegers = 9_007_199_254_740_992;

    public static void Write(Struct payload, StringBuilder json)
    {
        var separator = '{';
        foreach (var (key, value) in payload.Fields.OrderBy(field => field.Key, StringComparer.Ordinal))
        {
            json.Append(separator);
            separator = ',';
            Write(key, json);
            json.Append(':');
            Write(value, json);
        }

        json.Append(payload.Fields.Count == 0 ? "{}" : "}");
    }

    private static void Write(Value value, StringBuilder json)
    {
        switch (value.KindCase)
        {
            case Value.KindOneofCase.StructValue:
                Write(value.StructValue, json);
                break;
            case Value.KindOneofCase.ListValue:
                Write(value.ListValue, json);
                break;
            case Value.KindOneofCase.StringValue:
                Write(value.StringValue, json);
                break;
            case Value.KindOneofCase.BoolValue:
                json.Append(value.BoolValue ? "true" : "false");
                break;
            case Value.KindOneofCase.NumberValue:
                Write(value.NumberValue, json);
                break;
            default:
                json.Append("null");
                break;
        }
    }

    private static void Write(ListValue list, StringBuilder json)
    {
        json.Append('[');
        for (var i = 0; i < list.Values.Count; i++)
        {
            if (i > 0)
                json.Append(',');

            Write(list.Values[i], json);
        }

        json.Append(']');
    }

    private static void Write(double number, StringBuilder json)
    {
        if (Math.Abs(number) <= ExactIntegers && number == Math.Floor(number))
            json.Append(CultureInfo.InvariantCulture, $"{(long)number}");
        else if (double.IsFinite(number))
            json.Append(CultureInfo.InvariantCulture, $"{number:R}");
        else
            Write(double.IsNaN(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity", json);
    }

    private static void Write(string text, StringBuilder json)
    {
        json.Append('"');
        foreach (var c in text)
        {
            _ = c switch
            {
                '"' or '\\' => json.Append('\\').Append(c),
                '\n' => json.Append("\\n"),
                '\r' => json.Append("\\r"),
                '\t' => json.Append("\\t"),
                < ' ' => json.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => json.Append(c),
            };
        }

        json.Append('"');
    }
}
