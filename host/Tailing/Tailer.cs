using Grpc.Core;
using Microsoft.Extensions.Options;
using RunLogs.Abstractions;
using RunLogs.Host.Settings;

namespace RunLogs.Host.Tailing;

/// <summary>Runs tails: place, context, chain, channel, pump, end.</summary>
internal sealed class Tailer(
    TailLimiter limiter, SourceChain chain, TailTelemetry telemetry, IOptions<RunLogsOptions> options, TimeProvider time, IHostApplicationLifetime lifetime, ILogger<Tailer> logger)
{
    /// <summary>Streams to the sink until the tail's end; throws <see cref="TailFailedException"/> for what the client must be told.</summary>
    public async Task<EndReason> RunAsync(TailCall call, ITailSink sink, CancellationToken client)
    {
        using var place = limiter.Enter(call.Caller);
        using var cancellation = new TailCancellation(time, call.Deadline, client, lifetime.ApplicationStopping);
        var started = time.GetTimestamp();
        var reason = EndReason.Failed;
        var lines = 0L;
        TailRequest? request = null;
        telemetry.Started();
        try
        {
            request = await call.FindContainer(cancellation.Token);
            await sink.AcceptAsync(request, cancellation.Token);
            var channel = new TailChannel(options.Value.Limits.ClientBufferBytes);
            var pump = new TailPump(channel, sink, options.Value.Heartbeat, time) { FirstLine = () => telemetry.FirstLine(time.GetElapsedTime(started)) };
            try
            {
                reason = await StreamAsync(request, channel, pump, cancellation.Token);
            }
            finally
            {
                lines = pump.Lines;
            }

            return reason;
        }
        catch (Exception) when (cancellation.Reason is { } whose)
        {
            reason = whose;
            throw Ended(whose);
        }
        finally
        {
            telemetry.Ended(reason);
            var (name, took) = (EndReasonNames.Of(reason), (long)time.GetElapsedTime(started).TotalMilliseconds);
            if (request is not null)
            {
                logger.TailEnded(request.Namespace, request.Pod, request.Container, name, lines, took);
            }
            else
            {
                logger.TailWithoutContainer(name, took);
            }
        }
    }

    // Source and pump run side by side; whichever fails first ends the other, and both have ended when this returns.
    private async Task<EndReason> StreamAsync(TailRequest request, TailChannel channel, TailPump pump, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var reading = ReadAsync();
        try
        {
            await pump.RunAsync(stop.Token);
        }
        finally
        {
            await stop.CancelAsync();
            await ((Task)reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            channel.Drain();
        }

        return await reading;

        async Task<EndReason> ReadAsync()
        {
            try
            {
                var end = await chain.RunAsync(request, channel, stop.Token);
                channel.Complete(null);
                return end;
            }
            catch (Exception error)
            {
                channel.Complete(error);
                throw;
            }
        }
    }

    private static TailFailedException Ended(EndReason whose) => whose switch
    {
        EndReason.Deadline => new TailFailedException(StatusCode.DeadlineExceeded, "The deadline that the client set for this log stream has passed."),
        EndReason.ShuttingDown => new TailFailedException(StatusCode.Aborted, "RunLogs is shutting down: ask again, and the log goes on from another replica or after the restart."),
        _ => new TailFailedException(StatusCode.Cancelled, "The client is gone."),
    };
}
