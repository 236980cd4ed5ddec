using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace RunLogs.Host.Samples;

/// <summary>Prints, once the host listens, the commands that show the sample runs.</summary>
internal sealed class SampleCommands(IServer server, SampleTree tree, IHostApplicationLifetime lifetime) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        lifetime.ApplicationStarted.Register(() => Console.WriteLine(Text()));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private string Text()
    {
        // Endpoints are opened in the order of their names: Grpc, Http.
        var address = server.Features.Get<IServerAddressesFeature>()!.Addresses.Last();
        var lines = tree.Pods.Select(pod =>
            $"  curl -N '{address}/logs/{pod.Project}/{pod.Domain}/{pod.Run}/{pod.Action}/{pod.Attempt}{(pod.End is null ? "?follow=true&tail=10" : "")}'");
        return $"\nRunLogs serves sample runs. In another terminal:\n{string.Join('\n', lines)}\n";
    }
}
