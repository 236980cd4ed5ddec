using Grpc.Core;
using RunLogs.Protos.V1;

namespace RunLogs.EndToEnd.Tests.Seam;

/// <summary>Reads by <c>runlogs.v1.LogService</c>, and goes on by the last cursor it saw.</summary>
internal sealed class LogServiceClient(TwoHosts hosts, TailLogsRequest target, ReceivedLog log, Random random, int leaves, int writtenLines)
    : SeamClient(hosts, log, random, leaves, writtenLines)
{
    private string _cursor = "";

    protected override async Task<Closing> ReadAsync(HostProcess host, Leaving leaving)
    {
        using var call = new LogService.LogServiceClient(host.Channel).TailLogs(new TailLogsRequest(target) { Cursor = _cursor }, cancellationToken: leaving.Token);
        Closing? closing = null;
        await foreach (var response in call.ResponseStream.ReadAllAsync(leaving.Token))
        {
            if (closing is not null)
            {
                Log.Fail("a response followed the closing record");
            }

            closing = response.Closing;
            foreach (var logs in response.Logs)
            {
                foreach (var line in logs.Lines)
                {
                    Log.Take(line.Message, line.Timestamp, logs.Backend);
                }
            }

            if (response.Logs.Count > 0 && response.Cursor.Length == 0)
            {
                Log.Fail("lines came without a cursor");
            }

            _cursor = response.Cursor.Length > 0 ? response.Cursor : _cursor;
            if (leaving.IsTime(Log.Lines))
            {
                throw new OperationCanceledException(leaving.Token);
            }
        }

        if (closing is null)
        {
            Log.Fail("the call ended without a closing record");
        }

        return closing!;
    }
}
