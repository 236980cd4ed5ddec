using Grpc.Core;
using RunLogs.Protos.Flyte.Logs.Dataplane;
using RunLogs.Protos.V1;

namespace RunLogs.EndToEnd.Tests.Seam;

/// <summary>Reads by Flyte's own service, which knows no cursor: all in one call.</summary>
internal sealed class FlyteClient(TwoHosts hosts, string run, ReceivedLog log, Random random, int writtenLines) : SeamClient(hosts, log, random, 0, writtenLines)
{
    protected override async Task<Closing> ReadAsync(HostProcess host, Leaving leaving)
    {
        using var call = Tail.Open(host, run, cancellationToken: leaving.Token);
        await foreach (var response in call.ResponseStream.ReadAllAsync(leaving.Token))
        {
            foreach (var line in response.Logs.SelectMany(logs => logs.Lines).Where(line => line.Originator != LogLineOriginator.System))
            {
                Log.Take(line.Message, line.Timestamp);
            }
        }

        if (call.GetTrailers().GetValue("runlogs-cursor") is not { Length: > 0 })
        {
            Log.Fail("no cursor in the trailers");
        }

        return Closing.Parser.ParseFrom(call.GetTrailers().GetValueBytes("runlogs-closing-bin") ?? throw new RpcException(Status.DefaultSuccess, "no closing record in the trailers"));
    }
}
