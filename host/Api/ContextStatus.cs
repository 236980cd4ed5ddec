using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using RunLogs.Host.Contexts;

namespace RunLogs.Host.Api;

/// <summary>The gRPC status of a failure of the contexts, with its faults as google.rpc.BadRequest.</summary>
internal static class ContextStatus
{
    private const string DetailsTrailer = "grpc-status-details-bin";

    public static RpcException Of(ContextException failure)
    {
        var code = StatusTable.CodeOf(failure.Error);
        return new RpcException(new Grpc.Core.Status(code, failure.Message), failure.Faults.Count > 0 ? Details(code, failure) : []);
    }

    private static Metadata Details(StatusCode code, ContextException failure)
    {
        var violations = failure.Faults.Select(fault => new BadRequest.Types.FieldViolation { Field = fault.Field, Description = fault.Description });
        var status = new Google.Rpc.Status { Code = (int)code, Message = failure.Message, Details = { Any.Pack(new BadRequest { FieldViolations = { violations } }) } };
        return new Metadata { { DetailsTrailer, status.ToByteArray() } };
    }
}
