using Grpc.Core;
using Grpc.Net.Client;
using RunLogs.Comparison.Rig;
using RunLogs.Protos.Flyte.Dataproxy;

namespace RunLogs.Comparison.Clients;

/// <summary>A .NET client of gRPC with generated messages, which looks at every line.</summary>
internal sealed class ParsingClient(GrpcChannel channel)
{
    private readonly DataProxyService.DataProxyServiceClient _client = new(channel);

    public async Task TailAsync(ExpectedLog expected, CancellationToken cancellationToken)
    {
        using var call = _client.TailLogs(TailCall.Of(expected.Pod), cancellationToken: cancellationToken);
        var received = new ReceivedLines();
        await foreach (var response in call.ResponseStream.ReadAllAsync(cancellationToken))
        {
            received.Add(response);
        }

        received.Check(expected, "The parsing client");
    }

    /// <summary>How long it takes from the call to its first line.</summary>
    public async Task<TimeSpan> FirstLineAsync(string pod, CancellationToken cancellationToken)
    {
        var began = TimeProvider.System.GetTimestamp();
        using var call = _client.TailLogs(TailCall.Of(pod), cancellationToken: cancellationToken);
        TimeSpan? taken = null;

        // Read to its end: a call that is given up costs more than one that is not.
        await foreach (var response in call.ResponseStream.ReadAllAsync(cancellationToken))
        {
            taken ??= response.Logs.Any(logs => logs.Lines.Count > 0) ? TimeProvider.System.GetElapsedTime(began) : null;
        }

        return taken ?? throw new WrongBytesException($"The host sent no line of {pod}.");
    }
}
