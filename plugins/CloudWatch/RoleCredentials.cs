using System.Globalization;
using Amazon;
using Amazon.Runtime;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;

namespace RunLogs.Plugins.CloudWatch;

/// <summary>The credentials of a role, asked for by a client that this plugin makes itself.</summary>
/// <remarks>AWSSDK.Core looks its own up by name in the whole process, and finds that of another generation of this plugin.</remarks>
internal sealed class RoleCredentials(Func<AmazonSecurityTokenServiceClient> connect, Func<AmazonSecurityTokenServiceClient, Task<(Credentials Keys, string Arn)>> ask) : RefreshingAWSCredentials
{
    /// <summary>The same credentials, those of a role by our own client.</summary>
    public static AWSCredentials Of(AWSCredentials found, RegionEndpoint? region) => found switch
    {
        AssumeRoleAWSCredentials role => new RoleCredentials(() => new(Of(role.SourceCredentials, region), region), async client =>
        {
            var answer = await client.AssumeRoleAsync(new AssumeRoleRequest
            {
                RoleArn = role.RoleArn,
                RoleSessionName = role.RoleSessionName,
                ExternalId = role.Options?.ExternalId,
                DurationSeconds = role.Options?.DurationSeconds,
            });
            return (answer.Credentials, answer.AssumedRoleUser.Arn);
        }),
        AssumeRoleWithWebIdentityCredentials web => new RoleCredentials(() => new(new AnonymousAWSCredentials(), region), async client =>
        {
            var answer = await client.AssumeRoleWithWebIdentityAsync(new AssumeRoleWithWebIdentityRequest
            {
                RoleArn = web.RoleArn,
                RoleSessionName = web.RoleSessionName ?? string.Create(CultureInfo.InvariantCulture, $"runlogs-{Environment.ProcessId}"),
                WebIdentityToken = await File.ReadAllTextAsync(web.WebIdentityTokenFile),
            });
            return (answer.Credentials, answer.AssumedRoleUser.Arn);
        }),
        _ => found,
    };

    protected override CredentialsRefreshState GenerateNewCredentials() => GenerateNewCredentialsAsync().GetAwaiter().GetResult();

    protected override async Task<CredentialsRefreshState> GenerateNewCredentialsAsync()
    {
        using var client = connect();
        var (keys, arn) = await ask(client);
        return new CredentialsRefreshState(new ImmutableCredentials(keys.AccessKeyId, keys.SecretAccessKey, keys.SessionToken, AccountOf(arn)), keys.Expiration!.Value);
    }

    private static string AccountOf(string arn) => arn.Split(':') is [_, _, _, _, var account, ..] ? account : "";
}
