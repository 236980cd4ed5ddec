using RunLogs.Abstractions;
using RunLogs.Host.Plugins;
using RunLogs.Host.Settings;

namespace RunLogs.Host.Tailing;

/// <summary>Reads one container's log from one backend, reopening it at the position for as long as its retry budget lasts.</summary>
internal sealed class SourceReader(PluginLease lease, LinePosition position, SeamWriter output, RetryOptions retry, TimeProvider time, ILogger logger)
{
    // A source that stayed open this long before it broke off was not failing.
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(30);

    private SeamMode _mode = SeamMode.Count;
    private bool _saidPause;
    private bool _threw;

    public string Backend => lease.Backend;

    /// <summary>Reads to the backend's own end; a <see cref="LogStreamException"/> is what the backend said last.</summary>
    /// <param name="request">What is asked for; from the position on, if there is one.</param>
    /// <param name="watch">What the backend writes to.</param>
    /// <param name="mayLag">Whether a source that ends before the position is one that has not received everything yet: null is returned then.</param>
    /// <param name="newFrom">How many lines were delivered when nothing that the source has was among them; negative for never.</param>
    /// <param name="cancellationToken">The tail's.</param>
    public async Task<TailEnd?> ReadAsync(TailRequest request, SourceWatch watch, bool mayLag, long newFrom, CancellationToken cancellationToken)
    {
        var delays = new RetryDelays(retry, time);
        while (true)
        {
            var (linesBefore, opened) = (position.Lines, time.GetTimestamp());
            try
            {
                if (await ReadOnceAsync(request, watch, mayLag, newFrom, cancellationToken) is (true, var end))
                {
                    return end;
                }
            }
            catch (LogStreamException error) when (error.Error is LogStreamError.Unavailable or LogStreamError.RateLimited or LogStreamError.Internal)
            {
                if (position.Lines > linesBefore || (output.IsOpen && time.GetElapsedTime(opened) >= Settled))
                {
                    delays.Progress();
                    _mode = SeamMode.Count;
                }

                if (error.IsPause)
                {
                    delays.Progress();
                }

                if (delays.Next(error.RetryAfter, position.Lines > 0) is not { } delay)
                {
                    throw;
                }

                logger.SourceRetried(lease.Backend, request.Namespace, request.Pod, error.Reason, (long)delay.TotalMilliseconds);
                await Task.Delay(delay, time, cancellationToken);
                if (error is { IsPause: true, RetryAfter: not null } && !_saidPause)
                {
                    _saidPause = true;
                    output.Announce(new LogNotice(LogNoticeKind.Throttled, $"{error.Message}. Until then the log is asked for again and again."));
                }

                if (position.HasLines && !error.IsPause)
                {
                    output.Announce(new LogNotice(LogNoticeKind.SourceReconnected, $"The log stream from {lease.Backend} broke off and goes on where it stopped."));
                }
            }
        }
    }

    // Not done when the lines did not fit the seam: to be opened again in the next mode.
    private async Task<(bool Done, TailEnd? End)> ReadOnceAsync(TailRequest request, SourceWatch watch, bool mayLag, long newFrom, CancellationToken cancellationToken)
    {
        using var misfit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var linesBefore = position.Lines;
        var seam = Seam.At(position, _mode);
        if (linesBefore == newFrom)
        {
            seam.Close();
        }

        output.Open(lease.Backend, lease.Kind, seam, misfit.Cancel);
        try
        {
            var end = await lease.Streamer.TailLogsAsync(AtPosition(request), watch, misfit.Token);
            if (mayLag && !seam.IsClosed && !seam.IsBroken && position.Lines == linesBefore && end != TailEnd.SourceGone)
            {
                return (true, null);
            }

            if (!seam.IsBroken && (!seam.Withholds || end == TailEnd.SourceGone))
            {
                return (true, end);
            }
        }
        catch (OperationCanceledException) when (seam.IsBroken && !cancellationToken.IsCancellationRequested)
        {
            // The misfit cancelled it.
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new LogStreamException(LogStreamError.Internal, $"The backend {lease.Backend} gave up without being asked to.", "BACKEND_GAVE_UP");
        }
        catch (Exception error) when (error is not (LogStreamException or OperationCanceledException))
        {
            if (!_threw)
            {
                _threw = true;
                logger.BackendThrew(error, lease.Backend, request.Namespace, request.Pod);
            }

            throw new LogStreamException(LogStreamError.Internal, $"The backend {lease.Backend} failed; the host's log tells why.", "BACKEND_FAILED", error);
        }

        _mode = seam.IsBroken ? seam.Next : SeamMode.Match;
        return (false, null);
    }

    private TailRequest AtPosition(TailRequest request)
    {
        var since = position.Since;
        return !position.HasLines ? request : request with
        {
            // Archives cut times to milliseconds: those of the lines delivered may lie before the time that was asked for.
            Since = since.IsNone || since < request.Since ? LineMark.StartOfMillisecond(request.Since) : since,
            TailLines = null,
            Instance = position.Instance,
        };
    }
}
