using Grpc.Core;
using Grpc.Net.Client;
using RunLogs.Comparison.Api;
using RunLogs.Comparison.Rig;
using RunLogs.Protos.Flyte.Dataproxy;

namespace RunLogs.Comparison.Clients;

/// <summary>The two ways to follow a log: through the host, and from the API.</summary>
internal static class Following
{
    public static Func<Follow, CancellationToken, Task> Through(GrpcChannel channel)
    {
        var client = new DataProxyService.DataProxyServiceClient(channel);
        return async (follow, token) =>
        {
            using var call = client.TailLogs(TailCall.Of(follow.Pod), cancellationToken: token);
            while (await call.ResponseStream.MoveNext(token))
            {
                foreach (var line in call.ResponseStream.Current.Logs.SelectMany(logs => logs.Lines))
                {
                    follow.Take(line.Message);
                }
            }
        };
    }

    public static Func<Follow, CancellationToken, Task> Direct(DirectReader reader, Upstream upstream) => async (follow, token) =>
    {
        using var response = await reader.OpenAsync(upstream.Log(follow.Pod, follow: true), token);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(token), bufferSize: 1024);
        while (await lines.ReadLineAsync(token) is { } line)
        {
            follow.Take(line.AsSpan(LogText.StampLength + 1));
        }
    };
}
