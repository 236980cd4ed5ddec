using System.Net;
using Grpc.Core;
using RunLogs.Protos.V1;

namespace RunLogs.EndToEnd.Tests.Seam;

/// <summary>A client that reads one log to its end, and on the way leaves at random moments to go on at the other host.</summary>
internal abstract class SeamClient(TwoHosts hosts, ReceivedLog log, Random random, int leaves, int writtenLines)
{
    private static readonly TimeSpan LongestCall = TimeSpan.FromSeconds(3);

    protected ReceivedLog Log => log;

    /// <summary>Reads until it has all.</summary>
    /// <param name="archiveBegun">Before it, and without the pod, the log is nowhere: a client that comes then is told so, and comes again.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task RunAsync(Task archiveBegun, CancellationToken cancellationToken)
    {
        var host = random.Next(2);
        for (var left = 0; ; left++)
        {
            using var leaving = left < leaves
                ? Leaving.At(log.Lines + random.Next(1, writtenLines / leaves), LongestCall * random.NextDouble(), cancellationToken)
                : Leaving.Never(cancellationToken);
            log.BeginCall(host, left < leaves ? "" : "to the end");
            if (await TryReadAsync(host, leaving, archiveBegun, cancellationToken) is { } closing)
            {
                log.CheckClosing(closing);
                log.CheckWhole(closing);
                return;
            }

            // Mostly at once, sometimes when much has happened.
            await Task.Delay(random.Next(4) == 0 ? TimeSpan.FromSeconds(2 * random.NextDouble()) : TimeSpan.FromMilliseconds(1), TimeProvider.System, cancellationToken);
            host = 1 - host;
        }
    }

    /// <summary>Reads on where the last call stopped; returns the closing record, or null when it left before.</summary>
    protected abstract Task<Closing> ReadAsync(HostProcess host, Leaving leaving);

    private async Task<Closing?> TryReadAsync(int host, Leaving leaving, Task archiveBegun, CancellationToken cancellationToken)
    {
        var mayBeNowhere = !archiveBegun.IsCompleted;
        try
        {
            return await ReadAsync(hosts.Hosts[host], leaving);
        }
        catch (Exception error) when (leaving.HasLeft && error is OperationCanceledException or RpcException { StatusCode: StatusCode.Cancelled or StatusCode.Unavailable } or HttpRequestException or IOException)
        {
            // A client that drops a call in the middle of a read is told Unavailable by its own library at times.
            cancellationToken.ThrowIfCancellationRequested();
            return null;
        }
        catch (Exception error) when (mayBeNowhere && log.Lines == 0 && error is RpcException { StatusCode: StatusCode.NotFound } or HttpRequestException { StatusCode: HttpStatusCode.NotFound })
        {
            await archiveBegun.WaitAsync(cancellationToken);
            return null;
        }
        catch (Exception error) when (error is RpcException or HttpRequestException or IOException)
        {
            log.Fail($"the call failed after line {log.Lines}: {error.Message}");
            throw;
        }
    }
}
