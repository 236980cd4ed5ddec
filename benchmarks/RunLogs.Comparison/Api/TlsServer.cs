using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace RunLogs.Comparison.Api;

/// <summary>The API over TLS, with HTTP/2.</summary>
internal sealed class TlsServer(WebApplication app) : IAsyncDisposable
{
    // What an API server allows.
    private const int StreamsPerConnection = 100;

    public int Port => new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Port;

    public static async Task<TlsServer> StartAsync(ApiCertificate certificate, LogAnswers logs, CancellationToken cancellationToken)
    {
        // No settings that may lie about are its own.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Limits.Http2.MaxStreamsPerConnection = StreamsPerConnection;
            kestrel.Listen(IPAddress.Loopback, 0, endpoint => endpoint.UseHttps(certificate.Server));
        });
        builder.Services.AddSingleton<IMemoryPoolFactory<byte>>(new LargeBlocks());
        var app = builder.Build();
        app.Run(context => AnswerAsync(context, logs));
        await app.StartAsync(cancellationToken);
        return new TlsServer(app);
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private static async Task AnswerAsync(HttpContext context, LogAnswers logs)
    {
        var answer = ApiRoutes.Find(context.Request.Path + context.Request.QueryString.Value);
        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = answer.Log is null ? "application/json" : "text/plain";
        if (answer.Log is null)
        {
            await context.Response.WriteAsync(answer.Json, context.RequestAborted);
            return;
        }

        try
        {
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await logs.SendAsync(answer.Log, new TlsBody(context), context.RequestAborted);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // A client may go at any time.
        }
    }
}
