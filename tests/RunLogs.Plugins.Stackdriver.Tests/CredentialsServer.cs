using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using RunLogs.Testing;

namespace RunLogs.Plugins.Stackdriver.Tests;

/// <summary>Google's token endpoint, its security token service and the metadata server in one: each gives out a token of its own.</summary>
internal sealed class CredentialsServer : IAsyncDisposable
{
    public const string OfServiceAccount = "ya29.service-account";
    public const string OfFederation = "ya29.federation";
    public const string OfMetadata = "ya29.metadata";

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

    public string Url => _server.Urls.Single();

    /// <summary>What was asked: the path, and the form.</summary>
    public IReadOnlyList<string> Asked
    {
        get
        {
            lock (_asked)
                return _asked.ToArray();
        }
    }

    /// <summary>What the token endpoint refuses with; null to give a token.</summary>
    public (int Status, string Error)? Refusal { get; set; }

    public static async Task<CredentialsServer> StartAsync()
    {
        var server = new CredentialsServer();
        await server._server.StartAsync();
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
        using var reader = new StreamReader(http.Request.Body, Encoding.UTF8);
        var form = await reader.ReadToEndAsync();
        lock (_asked)
            _asked.Add($"{http.Request.Path} {http.Request.QueryString} {form}");

        // The mark by which the metadata server is known.
        http.Response.Headers["Metadata-Flavor"] = "Google";
        var token = http.Request.Path.Value switch
        {
            "/token" => OfServiceAccount,
            "/sts" => OfFederation,
            var path when path!.EndsWith("/service-accounts/default/token", StringComparison.Ordinal) => OfMetadata,
            _ => null,
        };
        http.Response.ContentType = "application/json";
        if (token is null)
        {
            http.Response.StatusCode = http.Request.Path == "/" ? 200 : 404;
        }
        else if (Refusal is { } refusal)
        {
            http.Response.StatusCode = refusal.Status;
            await http.Response.WriteAsync($$"""{"error":"{{refusal.Error}}","error_description":"with the Secret of it"}""");
        }
        else
        {
            await http.Response.WriteAsync($$"""{"access_token":"{{token}}","expires_in":3599,"token_type":"Bearer","issued_token_type":"urn:ietf:params:oauth:token-type:access_token"}""");
        }
    }
}
