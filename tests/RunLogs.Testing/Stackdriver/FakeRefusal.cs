using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;

namespace RunLogs.Testing.Stackdriver;

/// <summary>Errors in the service's form.</summary>
public static class FakeRefusal
{
    /// <summary>A status, and the reason in its details where there is one.</summary>
    public static RpcException Of(StatusCode status, string message, string? reason = null)
    {
        var trailers = new Metadata();
        if (reason is not null)
        {
            var details = new Google.Rpc.Status { Code = (int)status, Message = message, Details = { Any.Pack(new ErrorInfo { Reason = reason, Domain = "googleapis.com" }) } };
            trailers.Add("grpc-status-details-bin", details.ToByteArray());
        }

        return new RpcException(new Grpc.Core.Status(status, message), trailers);
    }

    public static RpcException OutOfQuota() => Of(StatusCode.ResourceExhausted, "Quota exceeded for quota metric 'Read requests'", "RATE_LIMIT_EXCEEDED");
}
