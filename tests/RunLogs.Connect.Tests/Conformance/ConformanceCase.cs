using Google.Protobuf;
using Grpc.Core;
using RunLogs.Connect.Conformance;

namespace RunLogs.Connect.Tests.Conformance;

/// <summary>One case of the conformance suites: a request and what a server must make of it.</summary>
/// <param name="Name">Its suite and its name there.</param>
/// <param name="Request">The message; it says how the service is to answer.</param>
internal sealed record ConformanceCase(string Name, IMessage Request)
{
    public string? Method { get; init; }

    public int? TimeoutMs { get; init; }

    public bool UseGet { get; init; }

    /// <summary>The suite has it in Protobuf only.</summary>
    public bool ProtoOnly { get; init; }

    /// <summary>The suite has it uncompressed only.</summary>
    public bool IdentityOnly { get; init; }

    public bool ConnectOnly { get; init; }

    public int? HttpStatus { get; init; }

    /// <summary>An error that the server raises by itself.</summary>
    public StatusCode? Error { get; init; }

    public Call With(bool json, bool gzip) => new(
        Method ?? (Request is ServerStreamRequest ? "ServerStream" : Request is IdempotentUnaryRequest ? "IdempotentUnary" : "Unary"),
        Request, json, gzip, TimeoutMs, UseGet);
}
