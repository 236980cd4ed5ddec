using System.Net;
using Google.Protobuf;
using Microsoft.Extensions.Options;
using RunLogs.Host.Settings;

namespace RunLogs.Host.Contexts;

/// <summary>Unary calls of a Flyte's RunService over Connect, which passes every proxy; with the caller's credentials where that is set.</summary>
internal sealed class FlyteCalls(IOptions<RunLogsOptions> options, IHttpContextAccessor callers, ILogger<FlyteCalls> logger) : IDisposable
{
    public const string NotFound = "not_found";
    public const string Unimplemented = "unimplemented";
    private const string ContentType = "application/proto";
    private const int MaxAnswerBytes = 16 * 1024 * 1024;

    private readonly FlyteOptions _flyte = options.Value.Flyte;
    private readonly string[] _credentials = options.Value.Flyte.CredentialHeaders.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5), ConnectTimeout = options.Value.Flyte.Timeout })
    {
        BaseAddress = new Uri(options.Value.Flyte.Endpoint.TrimEnd('/') + "/flyteidl2.workflow.RunService/"),
        Timeout = options.Value.Flyte.Timeout,
        MaxResponseContentBufferSize = MaxAnswerBytes,
    };

    /// <summary>The answer, or the code of one of the two refusals that mean something: <see cref="NotFound"/> and <see cref="Unimplemented"/>.</summary>
    /// <exception cref="ContextException">Unavailable, or PermissionDenied.</exception>
    public async Task<(string? Code, T? Answer)> CallAsync<T>(string method, IMessage message, MessageParser<T> parser, CancellationToken cancellationToken)
        where T : class, IMessage<T>
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, method) { Content = new ByteArrayContent(message.ToByteArray()) };
            request.Content.Headers.ContentType = new(ContentType);
            request.Headers.Add("connect-protocol-version", "1");
            AddCredentials(request);
            using var response = await _client.SendAsync(request, cancellationToken);
            var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            return response.StatusCode == HttpStatusCode.OK && response.Content.Headers.ContentType?.MediaType == ContentType
                ? (null, parser.WithDiscardUnknownFields(true).ParseFrom(body))
                : (CodeOf(method, response.StatusCode, body), null);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw Unavailable(method, $"it does not answer within {_flyte.Timeout.TotalSeconds:0.###} s ({FlyteOptions.TimeoutKey})", e);
        }
        catch (HttpRequestException e)
        {
            throw Unavailable(method, $"{e.InnerException?.Message ?? e.Message} ({FlyteOptions.EndpointKey})", e);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw Unavailable(method, $"its answer is no message of Flyte: is it one ({FlyteOptions.EndpointKey})?", e);
        }
    }

    public void Dispose() => _client.Dispose();

    private void AddCredentials(HttpRequestMessage request)
    {
        foreach (var name in _credentials)
        {
            if (callers.HttpContext?.Request.Headers.TryGetValue(name, out var values) == true)
            {
                request.Headers.TryAddWithoutValidation(name, values.AsEnumerable());
            }
        }
    }

    private string CodeOf(string method, HttpStatusCode status, byte[] body)
    {
        var code = FlyteErrorJson.CodeOf(body) ?? status switch
        {
            HttpStatusCode.NotFound => Unimplemented, // nobody serves the path
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => "permission_denied",
            _ => $"{(int)status}",
        };
        return code switch
        {
            NotFound or Unimplemented => code,

            // Words that make Flyte's clients log in again must not come from us.
            "unauthenticated" or "permission_denied" => throw new ContextException(ContextError.PermissionDenied, _credentials.Length > 0
                ? $"Flyte refused to tell where the action ran ({method}): it does not accept the credentials of this call"
                : $"Flyte refused to tell where the action ran ({method}): it wants credentials, and RunLogs:Flyte:CredentialHeaders sends none on"),
            _ => throw Unavailable(method, $"it answered {code}", null),
        };
    }

    public ContextException Unavailable(string method, string why, Exception? error)
    {
        logger.FlyteCallFailed(error, method, why);
        return new ContextException(ContextError.Unavailable, $"Flyte's RunService cannot be asked where the action ran ({method}): {why}. Try again.", error);
    }
}
