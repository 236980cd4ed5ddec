using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace RunLogs.Connect.Tests;

/// <summary>Kestrel on loopback with the parrot: one port for HTTP/1.1 and one for cleartext HTTP/2.</summary>
internal sealed class ParrotServer : IAsyncDisposable
{
    public const string SayPath = "/parrot.v1.ParrotService/Say";
    public const string LookPath = "/parrot.v1.ParrotService/Look";
    public const string ChatterPath = "/parrot.v1.ParrotService/Chatter";

    private readonly WebApplication _app;
    private readonly ErrorLog _log;
    private readonly string[] _addresses;

    private ParrotServer(WebApplication app, ErrorLog log)
    {
        (_app, _log) = (app, log);
        _addresses = [.. app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses];
    }

    public ParrotMind Mind => _app.Services.GetRequiredService<ParrotMind>();

    public Uri Http1 => new(_addresses[0]);

    public Uri Http2 => new(_addresses[1]);

    /// <summary>Whether the test provokes an error that belongs into the log.</summary>
    public bool ExpectsErrors { get; set; }

    public static Task<ParrotServer> StartAsync() => StartAsync(_ => { });

    public static async Task<ParrotServer> StartAsync(
        Action<IServiceCollection> services,
        Action<WebApplication>? beforeConnect = null,
        Action<WebApplication>? afterConnect = null,
        Action<GrpcServiceEndpointConventionBuilder>? service = null,
        ConnectOptions? options = null)
    {
        var log = new ErrorLog();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(log);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            // A body that stalls is the test's affair, not the server's.
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
        });
        builder.Services.AddGrpc();
        builder.Services.AddSingleton<ParrotMind>();
        services(builder.Services);

        var app = builder.Build();
        beforeConnect?.Invoke(app);
        app.UseRouting();
        app.UseConnect(options ?? new ConnectOptions { DefaultEnabled = true });
        afterConnect?.Invoke(app);
        var mapped = app.MapGrpcService<Parrot>();
        service?.Invoke(mapped);
        await app.StartAsync();
        return new ParrotServer(app, log);
    }

    /// <summary>A client that speaks exactly this version of HTTP.</summary>
    public HttpClient Client(string version) => new()
    {
        BaseAddress = version == "1.1" ? Http1 : Http2,
        DefaultRequestVersion = Version.Parse(version),
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        Timeout = TimeSpan.FromSeconds(20),
    };

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationTokenSource(TimeSpan.FromSeconds(5)).Token);
        await _app.DisposeAsync();
        if (!ExpectsErrors)
            Assert.True(_log.Errors.IsEmpty, string.Join("\n", _log.Errors));
    }
}
