using System.Collections.Specialized;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using RunLogs.Connect.Conformance;

namespace RunLogs.Connect.Tests.Conformance;

/// <summary>What a strict client reads from a response, whatever the protocol.</summary>
internal sealed record Answer(int HttpStatus)
{
    public NameValueCollection Headers { get; } = new(StringComparer.OrdinalIgnoreCase);

    public NameValueCollection Trailers { get; } = new(StringComparer.OrdinalIgnoreCase);

    public List<ConformancePayload> Payloads { get; } = [];

    public StatusCode Code { get; set; } = StatusCode.OK;

    public string Message { get; set; } = "";

    public List<Any> Details { get; } = [];

    /// <summary>The payload of one of the service's responses, which all have it as their first field.</summary>
    public void AddPayload(IMessage response) =>
        Payloads.Add((ConformancePayload?)response.Descriptor.FindFieldByNumber(1).Accessor.GetValue(response) ?? new ConformancePayload());
}
