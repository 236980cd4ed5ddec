using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using RunLogs.Testing;
using RunLogs.Testing.CloudWatch;

namespace RunLogs.Plugins.CloudWatch.Tests;

/// <summary>STS, SSO, the container agent and the instance's metadata in one: each gives out the same session's keys.</summary>
internal sealed class CredentialsServer : IAsyncDisposable
{
    public const string AccessKey = "ASIAFROMFAKE";
    public const string Secret = "the/secret+of+the+session";
    public const string Token = "the-token-of-the-session==";

    private readonly WebApplication _server;
    private readonly List<string> _asked = [];

    private CredentialsServer()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _server = builder.Build();
        _server.Run(AnswerAsync);
    }

    public string Url { get; private set; } = "";

    /// <summary>What was asked for, in order.</summary>
    public IReadOnlyList<string> Asked => _asked;

    private static string Expiration => TimeProvider.System.GetUtcNow().AddHours(1).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    public static async Task<CredentialsServer> StartAsync()
    {
        var server = new CredentialsServer();
        await server._server.StartAsync();
        server.Url = server._server.Urls.Single();
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(FakeNode.Patience);
        await _server.StopAsync(limit.Token);
        await _server.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext http)
    {
        var path = http.Request.Path.Value!;
        var form = http.Request.HasFormContentType ? await http.Request.ReadFormAsync() : null;
        lock (_asked)
            _asked.Add(form?["Action"].ToString() ?? $"{http.Request.Method} {path} {http.Request.Headers.Authorization}".Trim());

        var (type, body) = path switch
        {
            "/" => ("text/xml", Sts(form!["Action"].ToString())),
            "/federation/credentials" => ("application/json", $$$"""{"roleCredentials":{"accessKeyId":"{{{AccessKey}}}","secretAccessKey":"{{{Secret}}}","sessionToken":"{{{Token}}}","expiration":{{{TimeProvider.System.GetUtcNow().AddHours(1).ToUnixTimeMilliseconds()}}}}}"""),
            "/latest/api/token" => ("text/plain", "metadata-token"),
            "/latest/meta-data/iam/security-credentials/" or "/latest/meta-data/iam/security-credentials" => ("text/plain", "the-role"),
            "/latest/dynamic/instance-identity/document" => ("application/json", $$"""{"region":"{{FakeCloudWatchLogs.Region}}","accountId":"123456789012"}"""),
            "/latest/meta-data/iam/info" => ("application/json", """{"Code":"Success","InstanceProfileArn":"arn:aws:iam::123456789012:instance-profile/x"}"""),
            "/container" or "/latest/meta-data/iam/security-credentials/the-role" => ("application/json",
                $$"""{"Code":"Success","LastUpdated":"{{Expiration}}","Type":"AWS-HMAC","AccessKeyId":"{{AccessKey}}","SecretAccessKey":"{{Secret}}","Token":"{{Token}}","Expiration":"{{Expiration}}"}"""),
            _ => ("", ""),
        };
        http.Response.StatusCode = type.Length > 0 ? 200 : 404;
        http.Response.ContentType = type;
        if (path == "/latest/api/token")
            http.Response.Headers["x-aws-ec2-metadata-token-ttl-seconds"] = "21600";

        await http.Response.WriteAsync(body);
    }

    private static string Sts(string action) => $"""
        <{action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><{action}Result>
        <Credentials><AccessKeyId>{AccessKey}</AccessKeyId><SecretAccessKey>{Secret}</SecretAccessKey><SessionToken>{Token}</SessionToken><Expiration>{Expiration}</Expiration></Credentials>
        <AssumedRoleUser><Arn>arn:aws:sts::123456789012:assumed-role/the-role/session</Arn><AssumedRoleId>AROA:session</AssumedRoleId></AssumedRoleUser>
        </{action}Result><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></{action}Response>
        """;
}
