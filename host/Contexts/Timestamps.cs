using Google.Protobuf.WellKnownTypes;
using RunLogs.Abstractions;

namespace RunLogs.Host.Contexts;

/// <summary>Protobuf's times as RunLogs' own, which reach from 1677 to 2262.</summary>
internal static class Timestamps
{
    public static IEnumerable<ContextFault> Check(Timestamp? start, string startField, Timestamp? end, string endField)
    {
        if (start is not null && start.ToLogTimestamp() is null)
        {
            yield return new ContextFault(startField, Description(start));
        }

        if (end is not null && end.ToLogTimestamp() is null)
        {
            yield return new ContextFault(endField, Description(end));
        }

        if (end.ToLogTimestamp() < start.ToLogTimestamp())
        {
            yield return new ContextFault(endField, $"is before {startField}");
        }
    }

    /// <summary>Null when there is none, or none that is valid.</summary>
    public static LogTimestamp? ToLogTimestamp(this Timestamp? time)
    {
        if (time is not { Nanos: >= 0 and < (int)LogTimestamp.NanosecondsPerSecond })
        {
            return null;
        }

        var nanoseconds = ((Int128)time.Seconds * LogTimestamp.NanosecondsPerSecond) + time.Nanos;
        return nanoseconds > long.MinValue && nanoseconds <= long.MaxValue ? new LogTimestamp((long)nanoseconds) : null;
    }

    private static string Description(Timestamp time) =>
        $"of {time.Seconds} seconds and {time.Nanos} nanoseconds is not a time between 1677-09-21 and 2262-04-11";
}
