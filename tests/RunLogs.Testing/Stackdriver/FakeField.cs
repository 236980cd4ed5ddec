using Google.Protobuf.WellKnownTypes;
using RunLogs.Testing.Stackdriver.Protos;

namespace RunLogs.Testing.Stackdriver;

/// <summary>The fields of an entry that queries can name.</summary>
internal static class FakeField
{
    /// <summary>Reads a field; throws <see cref="FormatException"/> for one that no entry has.</summary>
    public static Func<LogEntry, string?> Of(IReadOnlyList<string> path) => path switch
    {
        ["resource", "type"] => entry => entry.Resource?.Type,
        ["resource", "labels", var name] => entry => entry.Resource?.Labels.GetValueOrDefault(name),
        ["labels", var name] => entry => entry.Labels.GetValueOrDefault(name),
        ["logName"] => entry => entry.LogName,
        ["insertId"] => entry => entry.InsertId,
        ["severity"] => entry => entry.Severity.ToString().ToUpperInvariant(),
        ["textPayload"] => entry => entry.PayloadCase == LogEntry.PayloadOneofCase.TextPayload ? entry.TextPayload : null,
        ["jsonPayload", var key] => entry => entry.JsonPayload?.Fields.GetValueOrDefault(key) is { KindCase: Value.KindOneofCase.StringValue } value ? value.StringValue : null,
        ["timestamp"] => entry => entry.Timestamp.ToString(),
        _ => throw new FormatException($"Field not found: '{string.Join('.', path)}'."),
    };
}
