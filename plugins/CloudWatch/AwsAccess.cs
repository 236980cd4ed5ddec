using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using Amazon.Runtime.Credentials;
using Amazon.SecurityToken;
using RunLogs.Abstractions;

namespace RunLogs.Plugins.CloudWatch;

/// <summary>Who we are and where the service is: AWS's own chains, asked on the first call and never while the host starts.</summary>
internal sealed class AwsAccess(CloudWatchSettings settings, string section) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private AwsPlace? _place;
    private AWSCredentials? _credentials;

    public async ValueTask<AwsPlace> PlaceAsync(CancellationToken cancellationToken) => _place ?? await OnceAsync(async () =>
    {
        return _place ??= Place(await Task.Run(FindRegion, cancellationToken).WaitAsync(cancellationToken)
            ?? throw Refused($"No AWS region is known: set {section}:Region or the variable AWS_REGION.", "NO_REGION"));
    }, cancellationToken);

    /// <summary>Credentials that renew themselves: to be asked before every call.</summary>
    public async ValueTask<AWSCredentials> CredentialsAsync(CancellationToken cancellationToken)
    {
        var credentials = _credentials ?? await OnceAsync(async () => _credentials ??= await FindAsync(cancellationToken), cancellationToken);
        try
        {
            await credentials.GetCredentialsAsync().WaitAsync(cancellationToken);
            return credentials;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw NoCredentials(e);
        }
    }

    /// <summary>The account, where the credentials tell it; quotas belong to it.</summary>
    public async ValueTask<string> AccountAsync(CancellationToken cancellationToken)
    {
        var credentials = await CredentialsAsync(cancellationToken);
        return (await credentials.GetCredentialsAsync().WaitAsync(cancellationToken)).AccountId ?? "";
    }

    /// <summary>Has expired credentials fetched anew; false when they are of a kind that cannot be.</summary>
    public bool TryRenew()
    {
        (_credentials as RefreshingAWSCredentials)?.ClearCredentials();
        return _credentials is RefreshingAWSCredentials;
    }

    public void Dispose()
    {
        (_credentials as IDisposable)?.Dispose();
        _turn.Dispose();
    }

    private async Task<T> OnceAsync<T>(Func<Task<T>> find, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            return await find();
        }
        finally
        {
            _turn.Release();
        }
    }

    private AwsPlace Place(RegionEndpoint region) => new(region, settings.Endpoint ?? LogsEndpoint.Of(region, settings.UseFips, settings.UseDualStack)
        ?? throw Refused($"CloudWatch Logs has no dual-stack address in {region.SystemName}: set {section}:UseDualStack to false.", "NO_ENDPOINT"));

    private RegionEndpoint? FindRegion()
    {
        var name = settings.Region ?? (settings.Profile is null ? null : ProfileRegion(settings.Profile))
            ?? Variable("AWS_REGION") ?? Variable("AWS_DEFAULT_REGION");
        return name is not null ? RegionEndpoint.GetBySystemName(name) : FallbackRegionFactory.GetRegionEndpoint(true);
    }

    private static string? ProfileRegion(string profile) => new CredentialProfileStoreChain().TryGetProfile(profile, out var found) ? found.Region?.SystemName : null;

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    private async Task<AWSCredentials> FindAsync(CancellationToken cancellationToken)
    {
        var configuration = new AmazonSecurityTokenServiceConfig { RegionEndpoint = _place?.Region };
        if (settings.Profile is { } profile)
            configuration.Profile = new Amazon.Profile(profile);

        try
        {
            using var chain = new DefaultAWSCredentialsIdentityResolver();
            return RoleCredentials.Of(await chain.ResolveIdentityAsync(configuration, cancellationToken), _place?.Region);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw NoCredentials(e);
        }
    }

    private LogStreamException NoCredentials(Exception cause) => Refused(
        settings.Profile is { } profile
            ? $"CloudWatch has no AWS credentials: the profile '{profile}' of {section}:Profile gave none; the host's log tells why."
            : $"CloudWatch has no AWS credentials: give the host a role (IRSA, pod identity or an instance profile), the variable AWS_ACCESS_KEY_ID, or {section}:Profile.",
        "BACKEND_UNAUTHENTICATED", cause);

    private static LogStreamException Refused(string message, string reason, Exception? cause = null) => new(LogStreamError.FailedPrecondition, message, reason, cause);
}
