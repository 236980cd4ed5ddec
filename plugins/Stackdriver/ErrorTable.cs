using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;
using RunLogs.Abstractions;
using Status = Google.Rpc.Status;

namespace RunLogs.Plugins.Stackdriver;

/// <summary>The one table from the service's errors to outcomes: by status, and by the reason in its details.</summary>
internal sealed class ErrorTable(string section, string project)
{
    private const string Details = "grpc-status-details-bin";

    public static CallFailure KindOf(Exception e) => e switch
    {
        // The credentials' own failures come in words already.
        LogStreamException { Error: LogStreamError.Unavailable } => CallFailure.Transient,
        RpcException failure when IsTooLarge(failure) => CallFailure.Final,
        RpcException { StatusCode: StatusCode.ResourceExhausted } => CallFailure.Throttled,
        RpcException { StatusCode: StatusCode.Unavailable or StatusCode.DeadlineExceeded or StatusCode.Internal or StatusCode.Aborted } => CallFailure.Transient,
        RpcException { StatusCode: StatusCode.Unauthenticated } => CallFailure.Expired,
        _ => CallFailure.Final,
    };

    /// <summary>Whether an answer was larger than we take: our own limit, under the status of a quota.</summary>
    public static bool IsTooLarge(RpcException e) =>
        e.StatusCode == StatusCode.ResourceExhausted && ReasonOf(e).Length == 0 && e.Status.Detail.Contains("maximum configured message size", StringComparison.Ordinal);

    public static bool IsInvalid(RpcException e) => e.StatusCode == StatusCode.InvalidArgument;

    /// <summary>What a client is told.</summary>
    public LogStreamException Outcome(RpcException failure) => failure.StatusCode switch
    {
        _ when IsTooLarge(failure) => new(LogStreamError.Internal, $"One entry in the logs of project {project} is larger than this backend takes.", "ENTRY_TOO_LARGE", failure),
        StatusCode.ResourceExhausted => new(LogStreamError.RateLimited, $"Cloud Logging allows no more reads at the moment: the quota of the project {project} is shared by all who read its logs.", "THROTTLED", failure) { RetryAfter = TimeSpan.FromSeconds(60) },
        StatusCode.NotFound => new(LogStreamError.NotFound, $"Google knows no project {project}; check {section}:ProjectId.", "BACKEND_RESOURCE", failure),
        StatusCode.InvalidArgument => new(LogStreamError.Internal, $"Cloud Logging refused the form of a query of the project {project}; check {section}:ProjectId and {section}:Endpoint.", "BAD_QUERY", failure),
        StatusCode.PermissionDenied => Denied(failure),
        StatusCode.Unauthenticated => new(LogStreamError.FailedPrecondition, $"Cloud Logging refused our credentials; check the host's Google service account, its clock and {section}:Endpoint.", "BACKEND_UNAUTHENTICATED", failure),
        StatusCode.Unavailable or StatusCode.DeadlineExceeded or StatusCode.Internal or StatusCode.Aborted => new(LogStreamError.Unavailable, $"Cloud Logging cannot be reached or fails to answer for the project {project}; check {section}:Endpoint and the way there.", "UNREACHABLE", failure),
        StatusCode.Unimplemented => new(LogStreamError.Internal, $"What answers at the address of Cloud Logging does not know ListLogEntries; check {section}:Endpoint.", "BAD_ENDPOINT", failure),
        StatusCode.FailedPrecondition => new(LogStreamError.FailedPrecondition, $"Cloud Logging cannot serve the project {project} in its present state; check its billing and {section}:ProjectId.", "FAILED_PRECONDITION", failure),
        _ => new(LogStreamError.Internal, $"Cloud Logging answered for the project {project} with an error this backend does not know (gRPC status {(int)failure.StatusCode}).", "UNKNOWN_ANSWER", failure),
    };

    private LogStreamException Denied(RpcException failure) => ReasonOf(failure) switch
    {
        "SERVICE_DISABLED" => new(LogStreamError.FailedPrecondition, $"The Cloud Logging API is not enabled in the project that our calls count for: enable logging.googleapis.com in {project}, or in the quota project of the host's credentials.", "API_DISABLED", failure),
        "USER_PROJECT_DENIED" => new(LogStreamError.PermissionDenied, "The host's Google identity may not use the quota project of its credentials: grant it roles/serviceusage.serviceUsageConsumer there, or name another by GOOGLE_CLOUD_QUOTA_PROJECT.", "QUOTA_PROJECT_DENIED", failure),
        "CONSUMER_INVALID" or "RESOURCE_PROJECT_INVALID" => new(LogStreamError.PermissionDenied, $"Google does not take {project} for a project of its own; check {section}:ProjectId.", "WRONG_PROJECT", failure),
        _ => new(LogStreamError.PermissionDenied, $"Cloud Logging refused to list the entries of the project {project}: grant roles/logging.viewer on it (logging.logEntries.list) to the host's Google identity, or check {section}:ProjectId.", "FORBIDDEN", failure),
    };

    private static string ReasonOf(RpcException e)
    {
        try
        {
            var details = e.Trailers.Get(Details) is { } trailer ? Status.Parser.ParseFrom(trailer.ValueBytes).Details : [];
            foreach (var detail in details)
            {
                if (detail.TryUnpack<ErrorInfo>(out var info))
                    return info.Reason;
            }
        }
        catch (InvalidProtocolBufferException)
        {
            // A proxy's idea of details.
        }

        return "";
    }
}
