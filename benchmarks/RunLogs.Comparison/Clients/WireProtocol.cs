namespace RunLogs.Comparison.Clients;

/// <summary>What a tail is asked for in.</summary>
internal enum WireProtocol
{
    /// <summary>gRPC: trailers end it.</summary>
    Grpc,

    /// <summary>Connect: a last message in JSON ends it.</summary>
    Connect,

    /// <summary>gRPC-Web: trailers in a last message end it.</summary>
    GrpcWeb,
}
