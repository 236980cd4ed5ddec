using System.CommandLine.Parsing;
using System.Globalization;
using Google.Protobuf.WellKnownTypes;

namespace RunLogs.Cli.Commands;

/// <summary>Reads a moment: an RFC 3339 time, or how long ago it was, as 30s, 10m, 2h or 3d.</summary>
internal static class Moments
{
    public const string Form = "an RFC 3339 time such as 2026-01-02T15:04:05Z, or how long ago: 30s, 10m, 2h, 3d";

    public static Timestamp? Parse(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (Parse(text, TimeProvider.System.GetUtcNow()) is { } moment)
        {
            return moment;
        }

        result.AddError($"'{text}' is no moment: give {Form}.");
        return null;
    }

    private static Timestamp? Parse(string text, DateTimeOffset now)
    {
        if (text.Length > 1 && UnitOf(text[^1]) is { } unit && int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var count) && unit * count < TimeSpan.FromDays(365_000))
        {
            return Timestamp.FromDateTimeOffset(now - (unit * count));
        }

        return text.Contains('T', StringComparison.Ordinal) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? Timestamp.FromDateTimeOffset(time)
            : null;
    }

    private static TimeSpan? UnitOf(char letter) => letter switch
    {
        's' => TimeSpan.FromSeconds(1),
        'm' => TimeSpan.FromMinutes(1),
        'h' => TimeSpan.FromHours(1),
        'd' => TimeSpan.FromDays(1),
        _ => null,
    };
}
