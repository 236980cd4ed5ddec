using Google.Protobuf;
using Grpc.Core;
using RunLogs.Host.Tailing;

namespace RunLogs.Host.Api;

/// <summary>The trailers of every streaming call.</summary>
internal static class ClosingTrailers
{
    public const string ClosingName = "runlogs-closing-bin";
    public const string CursorName = "runlogs-cursor";

    /// <summary>Adds the closing record and, unless it is too long for a trailer, the cursor.</summary>
    public static void Add(Metadata trailers, Closing closing, string? cursor)
    {
        trailers.Add(ClosingName, closing.ToProto().ToByteArray());
        if (cursor is not null)
        {
            trailers.Add(CursorName, cursor);
        }
    }
}
