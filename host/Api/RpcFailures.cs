using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using RunLogs.Host.Tailing;
using Status = Grpc.Core.Status;

namespace RunLogs.Host.Api;

/// <summary>Failures as gRPC statuses: the sentence, and one <c>google.rpc.ErrorInfo</c> per backend.</summary>
internal static class RpcFailures
{
    private const string DetailsTrailer = "grpc-status-details-bin";
    private const string Domain = "runlogs";

    public static RpcException ToRpc(this TailFailedException failure)
    {
        var (message, trailers) = (LoginWords.Replace(failure.Message), new Metadata());
        if (failure.Verdicts.Count > 0)
        {
            var status = new Google.Rpc.Status { Code = (int)failure.Code, Message = message };
            status.Details.AddRange(failure.Verdicts.Select(verdict => Any.Pack(ErrorInfoOf(verdict))));
            trailers.Add(DetailsTrailer, status.ToByteArray());
        }

        return new RpcException(new Status(failure.Code, message), trailers);
    }

    private static ErrorInfo ErrorInfoOf(Verdict verdict) => new()
    {
        Domain = Domain,
        Reason = verdict.Reason,
        Metadata = { ["backend"] = verdict.Backend, ["message"] = verdict.Message },
    };
}
