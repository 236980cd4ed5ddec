using System.Globalization;
using Microsoft.AspNetCore.Http;
using RunLogs.Abstractions;

namespace RunLogs.Testing.Kubernetes;

/// <summary>The parameters of a log request, read as leniently as the API reads them.</summary>
internal sealed class FakeLogOptions
{
    private const string Rfc3339 = "2006-01-02T15:04:05Z07:00";

    public string? Container { get; private init; }
    public bool Follow { get; private init; }
    public bool Previous { get; private init; }
    public bool Timestamps { get; private init; }
    public long? TailLines { get; private init; }
    public long? LimitBytes { get; private init; }
    public LogTimestamp? Since { get; private init; }

    public static FakeLogOptions Parse(HttpRequest request, string pod, TimeProvider time)
    {
        var query = request.Query;
        var (tail, limit, sinceSeconds) = (Number("tailLines"), Number("limitBytes"), Number("sinceSeconds"));
        var sinceTime = Text("sinceTime") is { } text ? Time(text) : (LogTimestamp?)null;
        if (sinceSeconds is not null && sinceTime is not null)
            throw FakeStatus.Invalid(pod, "[]", "Forbidden: at most one of `sinceTime` or `sinceSeconds` may be specified", "FieldValueForbidden");

        if (Text("stream") is not null)
            throw FakeStatus.Invalid(pod, "stream", "Forbidden: may not be specified", "FieldValueForbidden");

        Require("tailLines", tail, 0, "must be greater than or equal to 0");
        Require("limitBytes", limit, 1, "must be greater than 0");
        Require("sinceSeconds", sinceSeconds, 1, "must be greater than 0");
        return new FakeLogOptions
        {
            Container = Text("container"),
            Follow = Flag("follow"),
            Previous = Flag("previous"),
            Timestamps = Flag("timestamps"),
            TailLines = tail,
            LimitBytes = limit,
            Since = sinceTime ?? (sinceSeconds is { } ago ? LogTimestamp.From(time.GetUtcNow().AddSeconds(-ago)) : null),
        };

        string? Text(string key) => query[key] is [{ Length: > 0 } first, ..] ? first : null;

        bool Flag(string key) => query.TryGetValue(key, out var values) && values[0] is not ("false" or "0");

        long? Number(string key) => Text(key) is not { } given ? null
            : long.TryParse(given, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number
            : throw FakeStatus.BadRequest($"strconv.ParseInt: parsing \"{given}\": invalid syntax");

        void Require(string key, long? number, long least, string rule)
        {
            if (number < least)
                throw FakeStatus.Invalid(pod, key, $"Invalid value: {number}: {rule}");
        }
    }

    // The API server hands the time on without its fraction.
    private static LogTimestamp Time(string text)
    {
        if (LogTimestamp.TryParse(text, out var time))
            return LogTimestamp.FromUnixSeconds(time.UnixSeconds);

        var isZone = text.Length > 19 && LogTimestamp.TryParse($"{text[..19]}Z", out _);
        throw FakeStatus.BadRequest($"parsing time \"{text}\" as \"{Rfc3339}\": cannot parse \"{(isZone ? text[19..] : text)}\" as \"{(isZone ? "Z07:00" : "2006")}\"");
    }
}
