using RunLogs.Abstractions;
using RunLogs.Host.Settings;

namespace RunLogs.Host.Tailing;

/// <summary>Reads from the archives what a live source no longer has of an instance's beginning, before its lines go out.</summary>
internal sealed class BackFill(ChainLog log, IBackends backends, TimeProvider time, ILogger logger)
{
    // How far the archive is read into what the live source has, so that one goes on where the other ends.
    private static readonly TimeSpan Overlap = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    // More than lines come out of the order of their times.
    private static readonly TimeSpan Disorder = TimeSpan.FromSeconds(1);
    private static readonly RetryOptions Once = new() { BeforeFirstLine = TimeSpan.Zero, WhileFollowing = TimeSpan.Zero };

    private string _answer = "no archive is in the chain";

    /// <summary>Reads what there is, for 10 s at most; true when the archives' lines end before the live source's first one, which is new then.</summary>
    public async Task<bool> ReadAsync(IEnumerable<string> chain, SourceSelection sources, MissingBeginning missing, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Limit, time);
        var request = log.Request with { Follow = FollowMode.Never, Until = End(missing).Add(Disorder), Instance = missing.Instance };
        foreach (var backend in chain)
        {
            using var lease = backends.TryLease(backend, request.Cluster, out var reason);
            _answer = lease is null ? reason : _answer;
            if (lease is { Kind: LogSourceKind.Archive } && sources != SourceSelection.LiveOnly && await TryReadAsync(lease, request, End(missing), limit.Token, cancellationToken))
            {
                break;
            }
        }

        return IsApart(missing);
    }

    // False when the next archive is to be asked.
    private async Task<bool> TryReadAsync(Plugins.PluginLease lease, TailRequest request, LogTimestamp end, CancellationToken limit, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lease.Replaced, limit);
        log.Output.Announce(new LogNotice(LogNoticeKind.SourceChanged, $"The beginning of the log is no longer at the node of pod {request.Pod}: it is read from {lease.Backend}."));
        try
        {
            await new SourceReader(lease, log.Position, log.Output, Once, time, logger).ReadAsync(request, new SourceWatch(log, endBefore: end), mayLag: true, newFrom: -1, either.Token);
            _answer = $"{lease.Backend} has no lines from before";
            return log.Position.HasLines;
        }
        catch (LogStreamException error)
        {
            _answer = error.Message;
            return false;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            _answer = $"{lease.Backend} did not answer within {Limit.TotalSeconds:0} s";
            return limit.IsCancellationRequested;
        }
        finally
        {
            log.Output.Discard(LogNoticeKind.SourceChanged);
        }
    }

    private bool IsApart(MissingBeginning missing)
    {
        var newest = log.Position.Newest;
        if (!log.Position.HasLines)
        {
            log.Doubts.Add(Completeness.Unknown, $"The container began at {missing.Start} and the live log at {missing.FirstLine}: older lines may be missing, and no archive could tell ({_answer}).");
            return true;
        }

        if (newest.IsNone || newest.Add(Disorder) >= missing.FirstLine)
        {
            return false;
        }

        log.Output.Announce(new LogNotice(
            LogNoticeKind.LinesLost, $"The lines of pod {log.Request.Pod} from {newest} to {missing.FirstLine} may be missing: they are no longer at its node, and not yet all in an archive."));
        return true;
    }

    private static LogTimestamp End(MissingBeginning missing) => missing.FirstLine.Add(Overlap);
}
