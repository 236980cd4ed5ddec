using RunLogs.Abstractions;

namespace RunLogs.Plugins.Files;

/// <summary>One tail of one container: its instances, their files, and the wait for more.</summary>
internal sealed class ContainerTail(ContainerDirectory directory, TailRequest request, PluginContext context, ArchiveEnd end, BatchOutput output)
{
    /// <summary>How often the files are looked at for more.</summary>
    public static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(250);

    private const int FilesOpenedAhead = 16;

    private readonly LineFilter _filter = new(request.Since, request.Until);

    public async Task<TailEnd> RunAsync(int firstInstance, CancellationToken cancellationToken)
    {
        if (request.Instance?.RestartCount is { } asked && asked < firstInstance && !request.Previous)
            Lost($"The log of instance {asked} of {Container} is not there any more.");

        for (int? instance = firstInstance; instance is { } number;)
        {
            instance = await ReadInstanceAsync(number, number == firstInstance, cancellationToken);
            if (instance is { } next)
                output.Batch.Add(new LogNotice(LogNoticeKind.InstanceRestarted, $"The {Container} restarted: the log of instance {next} follows."));

            if (instance > number + 1)
                Lost($"The log of {instance - number - 1} instances of {Container} is not there any more.");
        }

        return end.IsKnownEnd ? TailEnd.Complete : TailEnd.Stopped;
    }

    private string Container => $"container {request.Container} of pod {request.Pod}";

    // Returns the instance to go on with, if any.
    private async Task<int?> ReadInstanceAsync(int instance, bool isFirst, CancellationToken cancellationToken)
    {
        using var files = new InstanceFiles(directory, instance, request.TailLines is null ? FilesOpenedAhead : int.MaxValue);
        using var reader = new RecordReader(_filter, context.MaxLineBytes);
        Refresh(files);
        Introduce(instance, files);
        if (isFirst && request.TailLines is { } lines)
            files.StartAt(TailStart.Find(files.Open, _filter, lines, request is { Since: null, Until: null }, context.MaxLineBytes, cancellationToken));

        for (var sawNewer = false; ; sawNewer = files.HasNext || files.NextInstance is not null)
        {
            end.BeginRead();
            Refresh(files);
            var hasNews = await ReadFilesAsync(files, reader, sawNewer, cancellationToken);
            if (hasNews)
                end.GotNews();

            var isFollowed = files.NextInstance is not null && !files.HasNext;
            if ((end.IsOver && !files.HasNext) || (isFollowed && IsLeft(sawNewer, hasNews)))
            {
                if (end.IsKnownEnd || isFollowed)
                    await UntilDoneAsync(() => reader.TryEndFile(output.Batch), cancellationToken);

                await UntilDoneAsync(() => reader.TryEndInstance(output.Batch), cancellationToken);
                await output.FlushAsync(cancellationToken);
                return request.Previous || (request.Follow == FollowMode.Never && request.Instance is null) ? null : files.NextInstance;
            }

            await output.FlushAsync(cancellationToken);
            reader.Rest();
            await Task.Delay(PollInterval, context.TimeProvider, cancellationToken);
        }
    }

    // Reads file after file to the end of what there is; true when anything came.
    private async Task<bool> ReadFilesAsync(InstanceFiles files, RecordReader reader, bool sawNewer, CancellationToken cancellationToken)
    {
        var hasNews = false;
        while (files.Current is { } file)
        {
            if (file.IsTruncated)
            {
                Lost($"A log file of {Container} was truncated; it is read from its beginning.");
                reader.Forget();
                file.Rewind(0);
            }

            var hadNext = files.HasNext;
            await UntilDoneAsync(() => TryRead(reader, file, ref hasNews, cancellationToken), cancellationToken);
            if (!hadNext)
            {
                // What was rotated while it was read belongs to what there is.
                Refresh(files);
                if (files.HasNext)
                    continue;

                break;
            }

            // The runtime may put some last lines into a file after the next one appeared.
            if (files.IsNextCurrent && !IsLeft(sawNewer, hasNews))
                break;

            await UntilDoneAsync(() => reader.TryEndFile(output.Batch), cancellationToken);
            files.MoveNext();
            sawNewer = false;
        }

        return hasNews;
    }

    private bool TryRead(RecordReader reader, LogFile file, ref bool hasNews, CancellationToken cancellationToken)
    {
        var isDone = reader.TryRead(file, output.Batch, cancellationToken);
        hasNews |= reader.HasRead;
        if (isDone && file.IsDamaged)
            Lost($"A compressed log file of {Container} is damaged; what follows the damage in it is missing.");

        return isDone;
    }

    // Nothing came for a whole interval after something newer was there.
    private bool IsLeft(bool sawNewer, bool hasNews) => end.IsOneReadEnough || (sawNewer && !hasNews);

    private async ValueTask UntilDoneAsync(Func<bool> step, CancellationToken cancellationToken)
    {
        while (!step())
            await output.FlushAsync(cancellationToken);
    }

    private void Refresh(InstanceFiles files)
    {
        if (!files.Refresh())
            Lost($"Log files of {Container} were rotated away before they were read; lines may be missing.");
    }

    private void Introduce(int instance, InstanceFiles files)
    {
        output.Batch.Instance = new ContainerInstance { RestartCount = instance };
        output.Batch.Facts = new ContainerFacts
        {
            Container = directory.Name,
            PodUid = directory.PodUid,
            // Of an instance with one file nothing was rotated away: its first line is the first it wrote.
            StartedAt = files is { HasNext: false, Current: { } only } ? LogTimes.First(only) : null,
        };
    }

    private void Lost(string message) => output.Batch.Add(new LogNotice(LogNoticeKind.LinesLost, message));
}
