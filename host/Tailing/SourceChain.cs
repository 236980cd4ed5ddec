using Grpc.Core;
using Microsoft.Extensions.Options;
using RunLogs.Abstractions;
using RunLogs.Host.Api;
using RunLogs.Host.Plugins;
using RunLogs.Host.Settings;

namespace RunLogs.Host.Tailing;

/// <summary>Asks the backends of a chain in order for one container's log, until one of them brings it to an end.</summary>
internal sealed class SourceChain(IBackends backends, IOptions<RunLogsOptions> options, TailTelemetry telemetry, TimeProvider time, ILogger<SourceChain> logger)
{
    /// <summary>Streams the log into the channel and returns why it ended; throws <see cref="TailFailedException"/> when no backend could.</summary>
    public async Task<LogOutcome> RunAsync(TailRequest request, SourceSelection sources, LinePosition position, TailChannel channel, CancellationToken cancellationToken)
    {
        var output = new SeamWriter(channel, position, telemetry);
        var verdicts = new Verdicts();
        var gone = false;
        foreach (var backend in backends.ChainOf(request.Cluster, request.Attempt?.Project))
        {
            switch (await AskAsync(backend, request, position, output, verdicts, cancellationToken))
            {
                case TailEnd.Complete:
                    return new LogOutcome(EndReason.ContainerEnded, Completeness.Complete);
                case TailEnd.Stopped:
                    return new LogOutcome(EndReason.AsFarAsAsked, Completeness.Unknown, "The container may write more.");
                case TailEnd.SourceGone:
                    gone = true;
                    request = EndedNow(request);
                    telemetry.FellBack(backend, "SOURCE_GONE");
                    output.Announce(new LogNotice(LogNoticeKind.SourceChanged, $"{backend} lost the pod {request.Pod}: its log goes on from the next backend."));
                    break;
            }
        }

        if (!gone)
        {
            throw verdicts.ToFailure();
        }

        output.Discard(LogNoticeKind.SourceChanged);
        output.Announce(new LogNotice(LogNoticeKind.LinesLost, $"The pod {request.Pod} is gone and no other backend has its log: its last lines may be missing."));
        await output.FlushNoticesAsync(cancellationToken);
        return new LogOutcome(EndReason.SourceGone, Completeness.Unknown, $"The pod {request.Pod} is gone and no other backend has its log.");
    }

    // Null when the backend could not: its verdict tells why, and the next one is asked.
    private async Task<TailEnd?> AskAsync(
        string backend, TailRequest request, LinePosition position, SeamWriter output, Verdicts verdicts, CancellationToken cancellationToken)
    {
        var linesBefore = position.Lines;
        while (true)
        {
            using var lease = backends.TryLease(backend, request.Cluster, out var reason);
            if (lease is null)
            {
                GiveUp(new Verdict(backend, null, StatusCode.Unavailable, "BACKEND_NOT_ACTIVE", $"The backend {backend} is not active: {reason}"));
                return null;
            }

            using var replaced = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lease.Replaced);
            var reader = new SourceReader(lease, position, output, options.Value.Retry, time, logger);
            try
            {
                // An archive that has the log of a pod nobody sees any more is then given the time to receive the rest of it.
                if (lease.Kind == LogSourceKind.Archive && verdicts.PodIsGone && request is { EndedAt: null, Follow: FollowMode.Auto })
                {
                    await reader.ReadAsync(request with { Follow = FollowMode.Never }, replaced.Token);
                    request = EndedNow(request);
                }

                return await reader.ReadAsync(request, replaced.Token);
            }
            catch (OperationCanceledException) when (lease.Replaced.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                // The plugin was replaced: the tail goes on with its next generation, at the position.
            }
            catch (LogStreamException error) when (error.Error == LogStreamError.NotFound && position.Lines > linesBefore)
            {
                // It had the log a moment ago: the pod vanished while the stream was being reopened.
                return TailEnd.SourceGone;
            }
            catch (LogStreamException error)
            {
                GiveUp(new Verdict(backend, lease.Kind, StatusTable.CodeOf(error.Error), error.Reason, error.Message));
                return null;
            }
        }

        void GiveUp(Verdict verdict)
        {
            verdicts.Add(verdict);
            telemetry.FellBack(backend, verdict.Reason);
            if (verdict.Code != StatusCode.NotFound)
            {
                logger.BackendGivenUp(backend, request.Namespace, request.Pod, verdict.Reason, verdict.Message);
                output.Announce(new LogNotice(LogNoticeKind.SourceFailed, $"{backend} failed and the next backend was asked: {verdict.Message}"));
            }
        }
    }

    private TailRequest EndedNow(TailRequest request) => request with { EndedAt = request.EndedAt ?? LogTimestamp.From(time.GetUtcNow()) };
}
