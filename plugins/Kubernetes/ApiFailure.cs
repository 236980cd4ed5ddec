using System.Net;
using System.Text.Json;
using k8s;
using k8s.Models;
using RunLogs.Abstractions;

namespace RunLogs.Plugins.Kubernetes;

/// <summary>What an answer of the API that is not a success means for whoever wants the log.</summary>
internal sealed class ApiFailure
{
    private readonly HttpStatusCode _code;
    private readonly V1Status? _status;
    private readonly TimeSpan? _retryAfter;

    private ApiFailure(HttpStatusCode code, V1Status? status, TimeSpan? retryAfter)
    {
        _code = code;
        _status = status;
        _retryAfter = retryAfter;
    }

    private string Message => _status?.Message ?? "";

    public static async Task<ApiFailure> ReadAsync(ClusterConnection connection, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var body = await connection.ReadBodyAsync(response, cancellationToken);
        V1Status? status = null;
        try
        {
            status = body.Length > 0 ? KubernetesJson.Deserialize<V1Status>(new MemoryStream(body)) : null;
        }
        catch (JsonException)
        {
            // A proxy's page, or no API server at all: the code is all there is.
        }

        var wait = response.Headers.RetryAfter?.Delta ?? (status?.Details?.RetryAfterSeconds is > 0 and var seconds ? TimeSpan.FromSeconds(seconds) : null);
        return new ApiFailure(response.StatusCode, status, wait);
    }

    public LogStreamException ToException(TailRequest request) => _code switch
    {
        HttpStatusCode.NotFound => Missing(request),
        HttpStatusCode.Unauthorized => Failure(LogStreamError.PermissionDenied, "Kubernetes refused our credentials", "BACKEND_UNAUTHENTICATED"),
        HttpStatusCode.Forbidden => Failure(LogStreamError.PermissionDenied, $"Kubernetes does not let RunLogs read logs in namespace {request.Namespace}: its account needs the verb get on pods and pods/log there", "FORBIDDEN"),
        HttpStatusCode.TooManyRequests => new LogStreamException(LogStreamError.RateLimited, "Kubernetes asks RunLogs to slow down", "THROTTLED", Cause()) { RetryAfter = _retryAfter },

        // The status said that the container had started: its kubelet does not know yet.
        HttpStatusCode.NoContent => NoLogYet(request),
        HttpStatusCode.BadRequest when Message.Contains(" is waiting to start", StringComparison.Ordinal) => NoLogYet(request),
        HttpStatusCode.BadRequest when Message.StartsWith("previous terminated container", StringComparison.Ordinal) => Failure(LogStreamError.NotFound, Message, "NOT_FOUND"),
        HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity when _status is not null => Failure(LogStreamError.InvalidRequest, Message, "BAD_REQUEST"),
        >= HttpStatusCode.InternalServerError => Unreachable(request),
        _ => Failure(LogStreamError.Internal, $"the Kubernetes API answered {(int)_code} for pod {request.Pod}: is it one?", "BAD_ANSWER"),
    };

    private LogStreamException Missing(TailRequest request)
    {
        // The same code means three things: the pod is gone, its kubelet has just started and does not know it yet, its node is gone.
        var missing = _status?.Details;
        return missing is not { Kind: "pods" } ? Unreachable(request)
            : missing.Name == request.Pod ? PodNotFound(request)
            : Failure(LogStreamError.Unavailable, $"the node {missing.Name} of pod {request.Pod} in namespace {request.Namespace} is gone from the cluster", "NODE_GONE");
    }

    private LogStreamException NoLogYet(TailRequest request) =>
        Failure(LogStreamError.Unavailable, $"container {request.Container} of pod {request.Pod} in namespace {request.Namespace} has no log yet", "NOT_STARTED");

    private LogStreamException Unreachable(TailRequest request) =>
        Failure(LogStreamError.Unavailable, $"Kubernetes cannot read the log of pod {request.Pod} in namespace {request.Namespace} right now: it answered {(int)_code}", "UNREACHABLE");

    private LogStreamException Failure(LogStreamError error, string message, string reason) => new(error, message, reason, Cause());

    private HttpRequestException Cause() => new($"{(int)_code} {Message}", null, _code);

    public static LogStreamException PodNotFound(TailRequest request) =>
        new(LogStreamError.NotFound, $"pod {request.Pod} not found in namespace {request.Namespace}", "NOT_FOUND");
}
