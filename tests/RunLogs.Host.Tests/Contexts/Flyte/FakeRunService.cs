using System.Collections.Concurrent;
using System.Net;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using RunLogs.Protos.Flyte.Workflow;

namespace RunLogs.Host.Tests.Contexts;

/// <summary>A Flyte's RunService as far as it tells of log contexts, over Connect.</summary>
internal sealed class FakeRunService : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FakeRunService(WebApplication app) => _app = app;

    public string Url => _app.Urls.Single();

    public ConcurrentQueue<(string Method, IReadOnlyDictionary<string, string> Headers)> Calls { get; } = new();

    /// <summary>What it answers; Flyte's code and message instead of a message for a refusal, null for a path that nobody serves.</summary>
    public Func<GetActionDetailsRequest, object?> Details { get; set; } = _ => null;

    public Func<GetActionLogContextRequest, object?> Context { get; set; } = _ => null;

    public static async Task<FakeRunService> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var fake = new FakeRunService(builder.Build());
        fake._app.Run(fake.AnswerAsync);
        await fake._app.StartAsync();
        return fake;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        var method = http.Request.Path.Value!.Split('/')[^1];
        Calls.Enqueue((method, http.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase)));
        var answer = (http.Request.Path.Value, http.Request.ContentType) switch
        {
            ("/flyteidl2.workflow.RunService/GetActionDetails", "application/proto") => Details(GetActionDetailsRequest.Parser.ParseFrom(body.ToArray())),
            ("/flyteidl2.workflow.RunService/GetActionLogContext", "application/proto") => Context(GetActionLogContextRequest.Parser.ParseFrom(body.ToArray())),
            _ => null,
        };
        switch (answer)
        {
            case Task never:
                await never.WaitAsync(http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                break;
            case IMessage message:
                http.Response.ContentType = "application/proto";
                await http.Response.Body.WriteAsync(message.ToByteArray(), http.RequestAborted);
                break;
            case (int status, string text):
                http.Response.StatusCode = status;
                http.Response.ContentType = "application/json";
                await http.Response.WriteAsync(text, http.RequestAborted);
                break;
            default:
                http.Response.StatusCode = StatusCodes.Status404NotFound;
                break;
        }
    }
}
