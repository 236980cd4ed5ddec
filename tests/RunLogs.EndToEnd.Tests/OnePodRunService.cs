using System.Collections.Concurrent;
using System.Net;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using RunLogs.Protos.Flyte.Common;
using RunLogs.Protos.Flyte.Core;
using RunLogs.Protos.Flyte.Workflow;

namespace RunLogs.EndToEnd.Tests;

/// <summary>A Flyte's RunService by which every action runs in one pod, unless it answers something else; a probe of readiness is answered.</summary>
internal sealed class OnePodRunService : IAsyncDisposable
{
    private readonly WebApplication _app;

    private OnePodRunService(WebApplication app) => _app = app;

    public Uri Url => new(_app.Urls.Single());

    /// <summary>The credentials of each call but those of probes.</summary>
    public ConcurrentQueue<string> Credentials { get; } = new();

    /// <summary>What it does instead of answering; null for an answer.</summary>
    public Func<HttpContext, Task>? Instead { get; set; }

    public static async Task<OnePodRunService> StartAsync(string pod)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var service = new OnePodRunService(builder.Build());
        var context = new PodLogContext { Namespace = "flyte", PodName = pod, PrimaryContainerName = "main", Containers = { new ContainerContext { ContainerName = "main" } } };
        var attempt = new ActionAttempt { Attempt = 1, Phase = ActionPhase.Running, LogContext = new LogContext { PrimaryPodName = pod, Pods = { context } } };
        var answer = new GetActionDetailsResponse { Details = new ActionDetails { Attempts = { attempt } } }.ToByteArray();
        service._app.Run(http => service.AnswerAsync(http, answer));
        await service._app.StartAsync();
        return service;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext http, byte[] answer)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        var isProbe = GetActionDetailsRequest.Parser.ParseFrom(body.ToArray()).ActionId.Run.Project == "runlogs";
        if (!isProbe)
        {
            Credentials.Enqueue(http.Request.Headers.Authorization.ToString());
        }

        if (!isProbe && Instead is { } instead)
        {
            await instead(http);
            return;
        }

        http.Response.ContentType = "application/proto";
        await http.Response.Body.WriteAsync(answer, http.RequestAborted);
    }
}
