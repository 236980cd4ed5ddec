using Google.Protobuf;
using Grpc.Core;
using RunLogs.Host.Tailing;

namespace RunLogs.Host.Api;

/// <summary>The trailers of every streaming call.</summary>
internal static class ClosingTrailers
{
    public const string ClosingName = "runlogs-closing-bin";

    public static void Add(Metadata trailers, Closing closing) => trailers.Add(ClosingName, closing.ToProto().ToByteArray());
}
