using RunLogs.Abstractions;

namespace RunLogs.Plugins.CloudWatch;

/// <summary>The one table from the service's errors to outcomes: decided by code, not by HTTP status.</summary>
internal sealed class ErrorTable(string section, string group)
{
    public static CallFailure KindOf(Exception e) => e switch
    {
        AmazonCloudWatchLogsException failure when IsThrottling(failure) => CallFailure.Throttled,
        AmazonCloudWatchLogsException failure when IsTransient(failure) => CallFailure.Transient,
        AmazonCloudWatchLogsException failure when IsExpired(failure) => CallFailure.Expired,
        _ => CallFailure.Final,
    };

    public static bool IsThrottling(AmazonCloudWatchLogsException e) =>
        e.ErrorCode.StartsWith("Throttl", StringComparison.Ordinal) || e.ErrorCode.StartsWith("TooManyRequests", StringComparison.Ordinal)
        || e.ErrorCode is "RequestLimitExceeded" or "SlowDown" or "LimitExceededException" or "ServiceQuotaExceededException" || e.StatusCode == 429;

    public static bool IsTransient(AmazonCloudWatchLogsException e) => !IsThrottling(e)
        && (e.ErrorCode is "ServiceUnavailableException" or "ServiceUnavailable" or "InternalFailure" or "InternalServerException" || (e.ErrorCode.Length == 0 && e.StatusCode is 0 or >= 500));

    public static bool IsExpired(AmazonCloudWatchLogsException e) => e.ErrorCode is "ExpiredTokenException" or "ExpiredToken";

    public static bool IsMissing(AmazonCloudWatchLogsException e) => e.ErrorCode == "ResourceNotFoundException";

    public static bool IsInvalid(AmazonCloudWatchLogsException e) => e.ErrorCode is "InvalidParameterException" or "ValidationException" or "MalformedQueryException";

    /// <summary>What a client is told.</summary>
    /// <param name="failure">The service's error.</param>
    /// <param name="operation">The call that failed.</param>
    /// <param name="stream">The stream it was for; null when it was for the group.</param>
    public LogStreamException Outcome(AmazonCloudWatchLogsException failure, string operation, string? stream)
    {
        var what = stream is null ? $"the log group {group}" : $"the stream {stream} of the log group {group}";
        return failure switch
        {
            _ when IsThrottling(failure) => new(LogStreamError.RateLimited, $"CloudWatch allows no more calls of {operation} at the moment; the account's quota is shared by all who read {what}.", "THROTTLED", failure) { RetryAfter = TimeSpan.FromSeconds(20) },
            _ when IsMissing(failure) => new(LogStreamError.NotFound, $"CloudWatch has no such thing as {what}; check {section}:LogGroup and {section}:Region.", "NOT_FOUND", failure),
            _ when IsInvalid(failure) => new(LogStreamError.InvalidRequest, $"CloudWatch refused the parameters of {operation} for {what}; check {section}:LogGroup and {section}:LogStreamPrefix.", "BAD_PARAMETER", failure),
            { ErrorCode: "InvalidOperationException" } => new(LogStreamError.FailedPrecondition, $"CloudWatch cannot be read by {operation} in {what}: groups of the log class Infrequent Access have no such call. Have the agent write to a group of the class Standard and name it in {section}:LogGroup; what is there already can be read with Logs Insights.", "LOG_CLASS", failure),
            { ErrorCode: "DataAlreadyAcceptedException" or "OperationAbortedException" } => new(LogStreamError.FailedPrecondition, $"CloudWatch cannot serve {operation} for {what} in its present state.", "FAILED_PRECONDITION", failure),
            { ErrorCode: "OptInRequired" } => new(LogStreamError.PermissionDenied, $"The AWS account has not enabled CloudWatch Logs in this region; enable it or change {section}:Region.", "OPT_IN_REQUIRED", failure),
            _ when IsDenied(failure) => new(LogStreamError.PermissionDenied, IsAboutKey(failure)
                ? $"CloudWatch refused to decrypt {what}: allow kms:Decrypt on the group's key to the host's AWS role."
                : $"CloudWatch refused {operation} on {what}: allow logs:{operation} on it to the host's AWS role.", "FORBIDDEN", failure),
            _ when IsExpired(failure) => Refused("the AWS credentials have expired and could not be renewed; give the host new ones", failure),
            { ErrorCode: "UnrecognizedClientException" or "InvalidClientTokenId" or "MissingAuthenticationToken" or "MissingAuthenticationTokenException" or "IncompleteSignature" or "IncompleteSignatureException" or "NotAuthorized" } =>
                Refused($"the AWS credentials are not known there; check the host's AWS role or {section}:Profile, and {section}:Region", failure),
            _ when ServiceError.MayBeSkew(failure) => Refused($"the signature was not accepted; check the host's AWS secret key, its clock and {section}:Region", failure),
            { ErrorCode: "SerializationException" or "UnknownOperationException" } => new(LogStreamError.Internal, $"What answers at the CloudWatch address does not know {operation}; check {section}:Endpoint.", "BAD_ENDPOINT", failure),
            _ when IsTransient(failure) => new(LogStreamError.Unavailable, failure.StatusCode == 0
                ? $"CloudWatch cannot be reached for {what}; check {section}:Region, {section}:Endpoint and the way there."
                : $"CloudWatch failed to answer {operation} for {what} (HTTP {failure.StatusCode}).", "UNREACHABLE", failure),
            { StatusCode: >= 300 and < 400 } => new(LogStreamError.FailedPrecondition, $"The CloudWatch address sends calls elsewhere; set {section}:Endpoint to the address of the service itself.", "REDIRECTED", failure),
            { ErrorCode.Length: 0, StatusCode: 401 or 403 } => new(LogStreamError.PermissionDenied, $"Something before CloudWatch refused {operation} (HTTP {failure.StatusCode}); check the proxy or VPC endpoint on the way.", "FORBIDDEN", failure),
            _ => new(LogStreamError.Internal, $"CloudWatch answered {operation} for {what} with an error this backend does not know (HTTP {failure.StatusCode}{(failure.ErrorCode.All(char.IsAsciiLetterOrDigit) && failure.ErrorCode.Length is > 0 and < 80 && !failure.ErrorCode.Contains("auth", StringComparison.OrdinalIgnoreCase) ? ", " + failure.ErrorCode : "")}).", "UNKNOWN_ANSWER", failure),
        };
    }

    // KMS failures come as AccessDeniedException or under KMS's own names.
    private static bool IsDenied(AmazonCloudWatchLogsException e) =>
        e.ErrorCode is "AccessDeniedException" or "AccessDenied" or "UnauthorizedOperation" || e.ErrorCode.StartsWith("KMS", StringComparison.Ordinal);

    private static bool IsAboutKey(AmazonCloudWatchLogsException e) =>
        e.ErrorCode.StartsWith("KMS", StringComparison.Ordinal) || e.Message.Contains("kms", StringComparison.OrdinalIgnoreCase);

    private static LogStreamException Refused(string why, Exception failure) =>
        new(LogStreamError.FailedPrecondition, $"CloudWatch refused our credentials: {why}.", "BACKEND_UNAUTHENTICATED", failure);
}
