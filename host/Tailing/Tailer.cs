using Grpc.Core;
using Microsoft.Extensions.Options;
using RunLogs.Host.Contexts;
using RunLogs.Host.Settings;

namespace RunLogs.Host.Tailing;

/// <summary>Runs tails: place, plan, stream, closing record.</summary>
internal sealed class Tailer(
    TailLimiter limiter, TailStreams streams, TailTelemetry telemetry, IOptions<RunLogsOptions> options, TimeProvider time, IHostApplicationLifetime lifetime, ILogger<Tailer> logger)
{
    // How long a write may go on after the host began to stop: what a client got is then known exactly.
    private static readonly TimeSpan WriteGrace = TimeSpan.FromSeconds(5);

    /// <summary>Streams to the sink until the tail's end; throws <see cref="TailFailedException"/> for what the client must be told.</summary>
    public async Task<EndReason> RunAsync(TailCall call, ITailSink sink, CancellationToken client)
    {
        using var place = limiter.Enter(call.Caller);
        using var cancellation = new TailCancellation(time, call.Deadline, client, lifetime.ApplicationStopping);
        using var writing = CancellationTokenSource.CreateLinkedTokenSource(client);
        using var grace = cancellation.Token.UnsafeRegister(static writing => ((CancellationTokenSource)writing!).CancelAfter(WriteGrace), writing);
        var started = time.GetTimestamp();
        var outcome = new LogOutcome(EndReason.Failed, Completeness.Unknown);
        var subject = "an attempt that was not found";
        Delivery? delivery = null;
        telemetry.Started();
        try
        {
            var plan = await PlanAsync(call, sink, cancellation.Token);
            subject = plan.Subject;
            delivery = new Delivery(plan, sink.KeepsLineEnds);
            await sink.AcceptAsync(plan, delivery, cancellation.Token);
            TailPump PumpFrom(ITailSource source) =>
                new(source, delivery, sink, options.Value.Heartbeat, time) { FirstLine = () => telemetry.FirstLine(time.GetElapsedTime(started)) };
            outcome = await streams.RunAsync(plan, sink.TakesSingleLines, PumpFrom, cancellation.Token, writing.Token);
            await sink.EndAsync(delivery.Close(outcome), writing.Token);
            return outcome.Reason;
        }
        catch (Exception error)
        {
            var failure = cancellation.Reason is { } whose ? Ended(whose) : error;
            outcome = new LogOutcome(cancellation.Reason ?? EndReason.Failed, Completeness.Unknown, failure.Message);
            if (delivery is not null && outcome.Reason is EndReason.Failed or EndReason.ShuttingDown && !writing.IsCancellationRequested)
            {
                await sink.EndAsync(delivery.Close(outcome), writing.Token);
            }

            if (failure == error)
            {
                throw;
            }

            throw failure;
        }
        finally
        {
            telemetry.Ended(outcome.Reason);
            var (name, took) = (EndReasonNames.Of(outcome.Reason), (long)time.GetElapsedTime(started).TotalMilliseconds);
            logger.TailEnded(subject, name, delivery?.Lines ?? 0, took, outcome.Why);
        }
    }

    // An attempt may have no pod yet: whatever stands between must not take the wait for a dead connection.
    private async Task<TailPlan> PlanAsync(TailCall call, ITailSink sink, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var beats = new PeriodicTimer(options.Value.Heartbeat, time);
        var planning = call.Plan(stop.Token);
        try
        {
            while (!planning.IsCompleted)
            {
                var beat = beats.WaitForNextTickAsync(cancellationToken).AsTask();
                if (await Task.WhenAny(planning, beat) == beat)
                {
                    await beat;
                    await sink.HeartbeatAsync(cancellationToken);
                }
            }
        }
        finally
        {
            await stop.CancelAsync();
            await ((Task)planning).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return await planning;
    }

    private static TailFailedException Ended(EndReason whose) => whose switch
    {
        EndReason.Deadline => new TailFailedException(StatusCode.DeadlineExceeded, "The deadline that the client set for this log stream has passed."),
        EndReason.ShuttingDown => new TailFailedException(StatusCode.Aborted, "RunLogs is shutting down: ask again, and the log goes on from another replica or after the restart."),
        _ => new TailFailedException(StatusCode.Cancelled, "The client is gone."),
    };
}
