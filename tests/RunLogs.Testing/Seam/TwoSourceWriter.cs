using RunLogs.Testing.Kubernetes;

namespace RunLogs.Testing.Seam;

/// <summary>Writes a <see cref="SeamScript"/> into a pod and, late, into an archive; takes the pod away in the middle.</summary>
public sealed class TwoSourceWriter(SeamScript script, FakePod pod, string container, ISeamArchive archive)
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(5);

    private readonly TaskCompletionSource _archiveBegun = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when the archive has its first lines: until then, and without the pod, the log is nowhere.</summary>
    public Task ArchiveBegun => _archiveBegun.Task;

    /// <summary>The longest that the archive got nothing while more was to come: a tail must not take this for the end.</summary>
    public TimeSpan LongestSilence { get; private set; }

    /// <summary>Writes all of it, in real time; the rest after the pod's end exists in the archive only.</summary>
    public Task RunAsync(CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        return Task.WhenAll(WriteLiveAsync(started, cancellationToken), ArchiveAsync(started, cancellationToken));
    }

    private async Task WriteLiveAsync(long started, CancellationToken cancellationToken)
    {
        // A force-deleted pod's streams bring a few lines more than its object lives.
        var unseen = script.PodEnd == PodEnd.ForceDeleted ? script.LiveLines / 50 : 0;
        await AppendAsync(0, script.LiveLines - unseen, started, cancellationToken);
        if (unseen > 0)
        {
            pod.Api.ForceDeletePod(pod);
            await AppendAsync(script.LiveLines - unseen, script.LiveLines, started, cancellationToken);
        }

        End();
    }

    private async Task AppendAsync(int from, int to, long started, CancellationToken cancellationToken)
    {
        using var tick = new PeriodicTimer(Tick, TimeProvider.System);
        while (from < to)
        {
            await tick.WaitForNextTickAsync(cancellationToken);
            var due = Math.Clamp(script.WrittenBy(TimeProvider.System.GetElapsedTime(started)), from, to);
            pod.Container(container).Append(script.Lines.Skip(from).Take(due - from));
            from = due;
        }
    }

    private void End()
    {
        if (script.PodEnd == PodEnd.NodeLost)
        {
            pod.Api.ForceDeletePod(pod);
            foreach (var stream in pod.Api.Streams.Where(stream => stream.Pod == pod))
                stream.Cut();

            return;
        }

        pod.Api.DeletePod(pod);
    }

    private async Task ArchiveAsync(long started, CancellationToken cancellationToken)
    {
        var written = 0;
        var last = started;
        using var tick = new PeriodicTimer(Tick, TimeProvider.System);
        while (written < script.Lines.Count)
        {
            await tick.WaitForNextTickAsync(cancellationToken);
            var due = script.ArchivedBy(TimeProvider.System.GetElapsedTime(started));
            if (due == written)
                continue;

            await archive.WriteAsync([.. script.Lines.Skip(written).Take(due - written).Select(SeamScript.Archived)], cancellationToken);
            _archiveBegun.TrySetResult();
            var silence = TimeProvider.System.GetElapsedTime(last);
            LongestSilence = silence > LongestSilence ? silence : LongestSilence;
            (written, last) = (due, TimeProvider.System.GetTimestamp());
        }
    }
}
