using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using RunLogs.Abstractions;
using RunLogs.Protos.Flyte.Common;
using RunLogs.Protos.Flyte.Core;
using RunLogs.Protos.Flyte.Workflow;
using RunLogs.Protos.V1;

namespace RunLogs.Host.Contexts;

/// <summary>From the events of an attempt to where and when it ran.</summary>
internal static class FlyteAttemptRows
{
    // Outputs, errors and caches are nothing to us.
    private static readonly MessageParser<ActionEvent> Events = ActionEvent.Parser.WithDiscardUnknownFields(true);

    /// <summary>The attempt as its rows tell of it; null when there are none.</summary>
    /// <exception cref="ContextException">There are rows, none of which can be read.</exception>
    public static FlyteAttempt? Read(AttemptIdentity asked, IReadOnlyList<FlyteEventRow> rows)
    {
        if (rows.Count == 0)
        {
            return null;
        }

        // Newest first. An abort and the collection of a finished run add an event without a context: whoever has one counts.
        var events = rows.Select(Parse).OfType<Event>().OrderByDescending(one => one.Seen).ThenByDescending(one => one.Phase).ThenByDescending(one => one.Version).ToList();
        if (events.Count == 0)
        {
            throw new ContextException(ContextError.Internal, $"failed to deserialize event: none of the {rows.Count} rows of action {asked with { Attempt = (uint)rows[0].Attempt }} is an ActionEvent");
        }

        var ends = events.Where(one => IsTerminal(one.Phase)).Select(one => one.Happened).ToList();
        var record = new LogContextRecord
        {
            ActionId = new ActionIdentifier { Run = new RunIdentifier { Project = asked.Project, Domain = asked.Domain, Name = asked.Run }, Name = asked.Action },
            Attempt = (uint)rows[0].Attempt,
            LogContext = events.Select(one => one.Message.LogContext).FirstOrDefault(HasLogs),
            Cluster = events.Select(one => one.Message.Cluster).FirstOrDefault(cluster => cluster.Length > 0) ?? "",
            StartTime = events.Min(one => one.Happened).ToTimestamp(),
            EndTime = ends.Count > 0 ? ends.Min().ToTimestamp() : null, // it ended once; what is told later is its collection
        };
        return new FlyteAttempt(record, ends.Count > 0 || rows[0].Latest > rows[0].Attempt);
    }

    /// <summary>Whether a phase is an attempt's last.</summary>
    public static bool IsTerminal(ActionPhase phase) =>
        phase is ActionPhase.Succeeded or ActionPhase.Failed or ActionPhase.Aborted or ActionPhase.TimedOut or ActionPhase.Recovered;

    private static bool HasLogs(LogContext? context) => context is { Pods.Count: > 0 } or { Connector: not null };

    private static Event? Parse(FlyteEventRow row)
    {
        try
        {
            var message = Events.ParseFrom(row.Info);
            var created = new DateTimeOffset(DateTime.SpecifyKind(row.CreatedAt, DateTimeKind.Utc));
            var updated = TimeOf(message.UpdatedTime);
            var reported = TimeOf(message.ReportedTime);
            return new Event(message, (ActionPhase)row.Phase, row.Version, reported ?? updated ?? created, updated ?? reported ?? created);
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }

    private static DateTimeOffset? TimeOf(Timestamp? time) => time.ToLogTimestamp() is { } known ? known.ToDateTimeOffset() : null;

    private sealed record Event(ActionEvent Message, ActionPhase Phase, int Version, DateTimeOffset Seen, DateTimeOffset Happened);
}
