using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace RunLogs.Connect.Conformance;

/// <summary>What the service saw of a request.</summary>
internal static class Seen
{
    public static ConformancePayload.Types.RequestInfo RequestInfo(IMessage request, ServerCallContext context)
    {
        var http = context.GetHttpContext().Request;
        var info = new ConformancePayload.Types.RequestInfo { Requests = { Any.Pack(request) } };
        info.RequestHeaders.AddRange(http.Headers.Select(HeaderOf));
        if (context.Deadline != DateTime.MaxValue)
            info.TimeoutMs = (long)(context.Deadline - TimeProvider.System.GetUtcNow().UtcDateTime).TotalMilliseconds;
        if (http.Query.Count > 0)
            info.ConnectGetInfo = new ConformancePayload.Types.ConnectGetInfo { QueryParams = { http.Query.Select(HeaderOf) } };
        return info;
    }

    private static Header HeaderOf(KeyValuePair<string, StringValues> pair) => new() { Name = pair.Key, Value = { (IEnumerable<string>)pair.Value.ToArray()! } };
}
