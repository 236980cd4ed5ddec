using System.Net;
using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RunLogs.Testing.Stackdriver.Protos;

namespace RunLogs.Testing.Stackdriver;

/// <summary>Cloud Logging over gRPC and over REST, with entries in memory, and the place that gives out tokens for it; the official Node client and gcloud agree with it.</summary>
public sealed class FakeLoggingService : IAsyncDisposable
{
    public const string AccessToken = "ya29.the-token-of-a-service-account";

    private readonly Lock _lock = new();
    private readonly WebApplication _server;
    private readonly TimeProvider _time;
    private readonly List<FakeListCall> _calls = [];
    private readonly ContainerAgent _agent;

    private FakeLoggingService(TimeProvider time, GkeCluster cluster)
    {
        (_time, Cluster, _agent, Entries) = (time, cluster, new ContainerAgent(cluster), new FakeEntries(time));
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddGrpc(options => options.MaxSendMessageSize = null);
        builder.Services.AddSingleton(this);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Limits.Http2.MaxStreamsPerConnection = 1000;
        });
        _server = builder.Build();
        _server.MapGrpcService<FakeListing>();
        _server.MapPost("/v2/entries:list", ListOverRestAsync);
        _server.MapPost("/token", GiveTokenAsync);
    }

    public GkeCluster Cluster { get; }

    public FakeEntries Entries { get; }

    /// <summary>For gRPC without TLS.</summary>
    public string Url { get; private set; } = "";

    /// <summary>For REST, and the address of <c>/token</c>.</summary>
    public string RestUrl { get; private set; } = "";

    /// <summary>The tokens taken; empty for any caller.</summary>
    public HashSet<string> Tokens { get; } = [AccessToken];

    /// <summary>Looks at every call first: throws an error, answers itself, or returns null.</summary>
    public Func<FakeListCall, Task<ListLogEntriesResponse?>>? Before { get; set; }

    /// <summary>Every call over gRPC, in order of arrival.</summary>
    public IReadOnlyList<FakeListCall> Calls
    {
        get
        {
            lock (_lock)
                return _calls.ToArray();
        }
    }

    public static async Task<FakeLoggingService> StartAsync(TimeProvider time, GkeCluster? cluster = null)
    {
        var fake = new FakeLoggingService(time, cluster ?? new GkeCluster());
        await fake._server.StartAsync();
        (fake.Url, fake.RestUrl) = (fake._server.Urls.First(), fake._server.Urls.Last());
        return fake;
    }

    /// <summary>Adds what the agent makes of a container's lines.</summary>
    public void Put(SomeContainer container, params IEnumerable<WrittenLine> lines) => Entries.Put(_agent.Entries(container, lines));

    /// <summary>Adds an entry that the agent made something else of than a text.</summary>
    public void Put(SomeContainer container, WrittenLine line, Action<LogEntry> change)
    {
        var entry = _agent.Entries(container, line).Single();
        change(entry);
        Entries.Put(entry);
    }

    /// <summary>A service account's key whose tokens this fake gives out; to be named by GOOGLE_APPLICATION_CREDENTIALS.</summary>
    public string ServiceAccountKey(string? quotaProject = null)
    {
        using var key = RSA.Create(2048);
        return System.Text.Json.JsonSerializer.Serialize(new Dictionary<string, string?>
        {
            ["type"] = "service_account",
            ["project_id"] = Cluster.ProjectId,
            ["private_key_id"] = "1",
            ["private_key"] = key.ExportPkcs8PrivateKeyPem(),
            ["client_email"] = $"reader@{Cluster.ProjectId}.iam.gserviceaccount.com",
            ["client_id"] = "1",
            ["token_uri"] = RestUrl + "/token",
            ["quota_project_id"] = quotaProject,
            ["universe_domain"] = "googleapis.com",
        });
    }

    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(FakeNode.Patience);
        await _server.StopAsync(limit.Token);
        await _server.DisposeAsync();
    }

    internal async Task<ListLogEntriesResponse> ListAsync(ListLogEntriesRequest request, Metadata headers)
    {
        var call = new FakeListCall(request, headers.Where(header => !header.IsBinary).GroupBy(header => header.Key).ToDictionary(group => group.Key, group => group.Last().Value), _time.GetUtcNow());
        lock (_lock)
            _calls.Add(call);

        if (Tokens.Count > 0 && !Tokens.Contains(call.Headers.GetValueOrDefault("authorization", "").Replace("Bearer ", "", StringComparison.Ordinal)))
            throw new RpcException(new Status(StatusCode.Unauthenticated, "Request had invalid authentication credentials."));

        return (Before is { } before ? await before(call) : null) ?? Entries.List(request);
    }

    private async Task ListOverRestAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body);
        http.Response.ContentType = "application/json; charset=UTF-8";
        try
        {
            var request = new JsonParser(JsonParser.Settings.Default.WithIgnoreUnknownFields(true)).Parse<ListLogEntriesRequest>(await reader.ReadToEndAsync(http.RequestAborted));
            await http.Response.WriteAsync(JsonFormatter.Default.Format(Entries.List(request)), http.RequestAborted);
        }
        catch (RpcException e)
        {
            http.Response.StatusCode = 400;
            await http.Response.WriteAsync($$$"""{"error":{"code":400,"message":"{{{JsonEncode(e.Status.Detail)}}}","status":"INVALID_ARGUMENT"}}""", http.RequestAborted);
        }
    }

    private static Task GiveTokenAsync(HttpContext http)
    {
        http.Response.ContentType = "application/json";
        return http.Response.WriteAsync($$"""{"access_token":"{{AccessToken}}","expires_in":3599,"token_type":"Bearer"}""");
    }

    private static string JsonEncode(string text) => Encoding.UTF8.GetString(System.Text.Json.JsonEncodedText.Encode(text).EncodedUtf8Bytes);
}
