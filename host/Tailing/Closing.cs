using RunLogs.Abstractions;

namespace RunLogs.Host.Tailing;

/// <summary>What a client is told about the stream it got; <c>runlogs.v1.Closing</c> on the wire. Every count is of this call.</summary>
/// <param name="Outcome">Why it ended, and whether it is whole.</param>
/// <param name="Lines">Messages that carried a line or a part of one.</param>
/// <param name="Bytes">Bytes of these messages in UTF-8.</param>
/// <param name="First">The time of the first line that has one.</param>
/// <param name="Last">The time of the last line that has one.</param>
/// <param name="Shares">Lines by the backend they were read from, in order of appearance.</param>
/// <param name="Hash">XXH128, big-endian, over each message without its line end and 0x0A.</param>
internal sealed record Closing(
    LogOutcome Outcome, long Lines, long Bytes, LogTimestamp First, LogTimestamp Last, IReadOnlyList<(string Backend, long Lines)> Shares, byte[] Hash);
