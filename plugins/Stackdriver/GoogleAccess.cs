using System.Net;
using Google.Apis.Auth.OAuth2;
using Google.Apis.Auth.OAuth2.Responses;
using RunLogs.Abstractions;

namespace RunLogs.Plugins.Stackdriver;

/// <summary>Who we are and where the service is: Application Default Credentials, asked on the first call and never while the host starts.</summary>
internal sealed class GoogleAccess(StackdriverSettings settings, string section) : IDisposable
{
    private const string Scope = "https://www.googleapis.com/auth/logging.read";

    private readonly SemaphoreSlim _turn = new(1);
    private GoogleCredential? _credential;
    private Uri? _endpoint = settings.Endpoint;
    private bool _mustRenew;

    /// <summary>Where calls go: the setting, or the service in the credentials' universe.</summary>
    public async ValueTask<Uri> EndpointAsync(CancellationToken cancellationToken) => _endpoint ??= await AskAsync(
        async credential => new Uri($"https://logging.{await credential.GetUniverseDomainAsync(cancellationToken)}"), cancellationToken);

    /// <summary>A token that is valid, and the headers that go with it: to be asked before every call.</summary>
    public async Task<AccessTokenWithHeaders> TokenAsync(CancellationToken cancellationToken) => await AskAsync(async credential =>
    {
        if (Interlocked.Exchange(ref _mustRenew, false) && credential.UnderlyingCredential is ServiceCredential service)
            await service.RequestAccessTokenAsync(cancellationToken);

        return await ((ITokenAccessWithHeaders)credential).GetAccessTokenWithHeadersForRequestAsync(authUri: null, cancellationToken);
    }, cancellationToken);

    /// <summary>Has a token that the service did not take fetched anew; false when it is of a kind that cannot be.</summary>
    public bool TryRenew()
    {
        Volatile.Write(ref _mustRenew, true);
        return _credential?.UnderlyingCredential is ServiceCredential;
    }

    /// <summary>The credentials that were found.</summary>
    public async Task<GoogleCredential> CredentialAsync(CancellationToken cancellationToken)
    {
        if (_credential is { } known)
            return known;

        await _turn.WaitAsync(cancellationToken);
        try
        {
            var found = _credential ?? await GoogleCredential.GetApplicationDefaultAsync(cancellationToken);
            return _credential ??= found.IsCreateScopedRequired ? found.CreateScoped(Scope) : found;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task<T> AskAsync<T>(Func<GoogleCredential, Task<T>> ask, CancellationToken cancellationToken)
    {
        try
        {
            // Not all of the library heeds the token.
            return await ask(await CredentialAsync(cancellationToken).WaitAsync(cancellationToken)).WaitAsync(cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            throw OutcomeOf(e);
        }
    }

    private LogStreamException OutcomeOf(Exception failure) => failure switch
    {
        TokenResponseException { StatusCode: null or >= HttpStatusCode.InternalServerError or HttpStatusCode.TooManyRequests, Error.Error: null or "" or "server_error" or "temporarily_unavailable" } => Unreachable(failure),
        HttpRequestException or IOException { InnerException: not null } or OperationCanceledException or TimeoutException => Unreachable(failure),
        TokenResponseException => Refused("Google did not take the host's credentials for a token; check the key file of GOOGLE_APPLICATION_CREDENTIALS, or the binding of the host's Kubernetes service account", failure),
        _ => Refused($"Stackdriver has no Google credentials that work: give the host a service account (Workload Identity Federation for GKE, or that of the node) or a file by GOOGLE_APPLICATION_CREDENTIALS with the role roles/logging.viewer on the project {settings.ProjectId} of {section}:ProjectId; the host's log tells why", failure),
    };

    private static LogStreamException Unreachable(Exception failure) =>
        new(LogStreamError.Unavailable, "The place that gives out Google's access tokens cannot be reached; check the way from the host to it (oauth2.googleapis.com, sts.googleapis.com or the metadata server).", "TOKEN_UNREACHABLE", failure);

    private static LogStreamException Refused(string message, Exception failure) => new(LogStreamError.FailedPrecondition, message + ".", "BACKEND_UNAUTHENTICATED", failure);
}
