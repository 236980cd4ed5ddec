using Grpc.Core;
using RunLogs.Protos.Flyte.Dataproxy;
using RunLogs.Protos.Flyte.Logs.Dataplane;

namespace RunLogs.EndToEnd.Tests;

/// <summary>Calls of Flyte's client against the host.</summary>
internal static class Tail
{
    public static AsyncServerStreamingCall<TailLogsResponse> Open(HostProcess host, string run, uint attempt = 1, CancellationToken cancellationToken = default) =>
        new DataProxyService.DataProxyServiceClient(host.Channel).TailLogs(
            new TailLogsRequest { ActionId = Rig.Action(run), Attempt = attempt, ConnectorEndpoint = "" }, cancellationToken: cancellationToken);

    /// <summary>Every line of a log that ends, without the host's own.</summary>
    public static async Task<List<LogLine>> ReadAllAsync(this AsyncServerStreamingCall<TailLogsResponse> call)
    {
        var lines = new List<LogLine>();
        await foreach (var response in call.ResponseStream.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            lines.AddRange(response.Logs.SelectMany(logs => logs.Lines).Where(line => line.Originator != LogLineOriginator.System));
        }

        return lines;
    }

    /// <summary>The next line; heartbeats are passed over.</summary>
    public static async Task<LogLine> NextAsync(this AsyncServerStreamingCall<TailLogsResponse> call)
    {
        while (await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(30)))
        {
            if (call.ResponseStream.Current.Logs.Count > 0)
            {
                return Assert.Single(call.ResponseStream.Current.Logs[0].Lines);
            }
        }

        throw new InvalidOperationException("The stream ended.");
    }
}
