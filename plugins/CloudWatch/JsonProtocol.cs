using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Amazon.Runtime.Signing;

namespace RunLogs.Plugins.CloudWatch;

/// <summary>Sends signed calls of the service's JSON protocol; a clock that differs from the service's is put right on the way.</summary>
internal sealed class JsonProtocol : IDisposable
{
    // A page holds at most 1 MiB of text, which escaping can make six times as long.
    private const int MostResponseBytes = 16 * 1024 * 1024;
    private const string ContentType = "application/x-amz-json-1.1";

    // The service tolerates five minutes.
    private static readonly TimeSpan TolerableSkew = TimeSpan.FromMinutes(4);

    private readonly AwsAccess _access;
    private readonly TimeProvider _time;
    private readonly HttpClient _http;
    private long _skewTicks;

    public JsonProtocol(AwsAccess access, TimeProvider time)
    {
        (_access, _time) = (access, time);
        _http = new HttpClient(new SocketsHttpHandler
        {
            // A redirect would break the signature.
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.All,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            UseCookies = false,
        })
        {
            Timeout = TimeSpan.FromSeconds(60),
            MaxResponseContentBufferSize = MostResponseBytes,
        };
    }

    /// <summary>The answer to one call; throws <see cref="AmazonCloudWatchLogsException"/> for every other.</summary>
    public async Task<HttpResponseMessage> CallAsync(string operation, byte[] body, CancellationToken cancellationToken)
    {
        for (var isCorrected = false; ; isCorrected = true)
        {
            var response = await SendAsync(operation, body, cancellationToken);
            if (response.StatusCode == HttpStatusCode.OK)
                return response;

            using (response)
            {
                var failure = await ServiceError.ReadAsync(response, cancellationToken);
                if (isCorrected || !ServiceError.MayBeSkew(failure) || !TryCorrectClock(response))
                    throw failure;
            }
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> SendAsync(string operation, byte[] body, CancellationToken cancellationToken)
    {
        var place = await _access.PlaceAsync(cancellationToken);
        var credentials = await _access.CredentialsAsync(cancellationToken);
        var signing = new AWSSigningRequest { HttpMethod = HttpMethod.Post, RequestUri = place.Endpoint, Content = body };
        signing.Headers["X-Amz-Target"] = $"Logs_20140328.{operation}";
        signing.Headers["Content-Type"] = ContentType;
        var signed = await AWSSigV4Signer.SignAsync(signing, new AWSSigV4Parameters
        {
            Credentials = credentials,
            Region = place.Region,
            Service = "logs",
            SignedAt = _time.GetUtcNow().UtcDateTime + TimeSpan.FromTicks(Interlocked.Read(ref _skewTicks)),
        }, cancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Post, place.Endpoint) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(ContentType);
        request.Headers.TryAddWithoutValidation("X-Amz-Target", $"Logs_20140328.{operation}");
        request.Headers.TryAddWithoutValidation("User-Agent", "RunLogs");
        request.Headers.TryAddWithoutValidation("amz-sdk-invocation-id", Guid.NewGuid().ToString("D", CultureInfo.InvariantCulture));
        foreach (var (name, value) in signed.Headers)
            request.Headers.TryAddWithoutValidation(name, value);

        try
        {
            return await _http.SendAsync(request, cancellationToken);
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new AmazonCloudWatchLogsException("", $"{place.Endpoint.Host} gave no answer.", 0, e);
        }
    }

    private bool TryCorrectClock(HttpResponseMessage response)
    {
        if (response.Headers.Date is not { } theirs)
            return false;

        var skew = (theirs - _time.GetUtcNow()).Ticks;
        if (Math.Abs(skew - Interlocked.Read(ref _skewTicks)) < TolerableSkew.Ticks)
            return false;

        Interlocked.Exchange(ref _skewTicks, skew);
        return true;
    }
}
