using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using RunLogs.Host.Contexts;
using RunLogs.Host.Tailing;

namespace RunLogs.Host.Api;

/// <summary>The gRPC status of a failure of the contexts, with its faults as google.rpc.BadRequest.</summary>
internal static class ContextStatus
{
    private const string DetailsTrailer = "grpc-status-details-bin";

    public static RpcException Of(ContextException failure)
    {
        var (code, message) = (StatusTable.CodeOf(failure.Error), LoginWords.Replace(failure.Message));
        return new RpcException(new Grpc.Core.Status(code, message), failure.Faults.Count > 0 ? Details(code, message, failure) : []);
    }

    private static Metadata Details(StatusCode code, string message, ContextException failure)
    {
        var violations = failure.Faults.Select(fault => new BadRequest.Types.FieldViolation { Field = fault.Field, Description = fault.Description });
        var status = new Google.Rpc.Status { Code = (int)code, Message = message, Details = { Any.Pack(new BadRequest { FieldViolations = { violations } }) } };
        return new Metadata { { DetailsTrailer, status.ToByteArray() } };
    }
}
