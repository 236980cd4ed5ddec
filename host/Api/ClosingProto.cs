using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using RunLogs.Abstractions;
using RunLogs.Host.Tailing;
using Closing = RunLogs.Host.Tailing.Closing;
using Message = RunLogs.Protos.V1.Closing;

namespace RunLogs.Host.Api;

/// <summary>The closing record as a message.</summary>
internal static class ClosingProto
{
    public static Message ToProto(this Closing closing) => new()
    {
        Lines = (ulong)closing.Lines,
        Bytes = (ulong)closing.Bytes,
        First = TimestampOf(closing.First),
        Last = TimestampOf(closing.Last),
        Sources = { closing.Shares.Select(share => new Message.Types.SourceShare { Backend = share.Backend, Lines = (ulong)share.Lines }) },
        Completeness = (Message.Types.Completeness)closing.Outcome.Completeness,
        Reason = closing.Outcome.Why,
        Hash = ByteString.CopyFrom(closing.Hash),
        EndReason = (Message.Types.EndReason)closing.Outcome.Reason,
    };

    private static Timestamp? TimestampOf(LogTimestamp time) => time.IsNone ? null : new Timestamp { Seconds = time.UnixSeconds, Nanos = time.NanosecondOfSecond };
}
