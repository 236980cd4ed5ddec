using Grpc.Core;

namespace RunLogs.Connect;

/// <summary>The one table from gRPC's status codes to Connect's names and HTTP statuses.</summary>
internal readonly record struct ConnectCode(string Name, int HttpStatus)
{
    public static ConnectCode Of(StatusCode code) => code switch
    {
        StatusCode.Cancelled => new("canceled", 499),
        StatusCode.InvalidArgument => new("invalid_argument", 400),
        StatusCode.DeadlineExceeded => new("deadline_exceeded", 504),
        StatusCode.NotFound => new("not_found", 404),
        StatusCode.AlreadyExists => new("already_exists", 409),
        StatusCode.PermissionDenied => new("permission_denied", 403),
        StatusCode.ResourceExhausted => new("resource_exhausted", 429),
        StatusCode.FailedPrecondition => new("failed_precondition", 400),
        StatusCode.Aborted => new("aborted", 409),
        StatusCode.OutOfRange => new("out_of_range", 400),
        StatusCode.Unimplemented => new("unimplemented", 501),
        StatusCode.Internal => new("internal", 500),
        StatusCode.Unavailable => new("unavailable", 503),
        StatusCode.DataLoss => new("data_loss", 500),
        StatusCode.Unauthenticated => new("unauthenticated", 401),
        _ => new("unknown", 500),
    };
}
