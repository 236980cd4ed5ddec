using RunLogs.Abstractions;

namespace RunLogs.Plugins.CloudWatch;

/// <summary>One tail of one container: its instances, their streams, and the wait for more.</summary>
internal sealed class ContainerTail(TailSource source, TailRequest request, PluginContext context, ArchiveEnd end, BatchOutput output)
{
    private static readonly TimeSpan LateInterval = TimeSpan.FromSeconds(60);

    private readonly LineFilter _filter = new(request.Since, request.Until);
    private bool _saidInexact;

    /// <summary>Reads from an instance on.</summary>
    public async Task<TailEnd> RunAsync(InstanceList instances, CancellationToken cancellationToken)
    {
        if (instances.IsBeginningLost)
            Tell(LogNoticeKind.LinesLost, $"CloudWatch does not have the instance of {Container} that was read last; the next one it has follows.");

        for (var isFirst = true; ; isFirst = false)
        {
            await ReadInstanceAsync(instances, isFirst, cancellationToken);
            if (!instances.HasNext || request.Previous || (request.Follow == FollowMode.Never && request.Instance is null))
                return end.IsKnownEnd ? TailEnd.Complete : TailEnd.Stopped;

            instances.MoveNext();
            Tell(LogNoticeKind.InstanceRestarted, $"The {Container} restarted: the log of {instances.CurrentName} follows.");
        }
    }

    private string Container => $"container {request.Container} of pod {request.Pod}";

    private async Task ReadInstanceAsync(InstanceList instances, bool isFirst, CancellationToken cancellationToken)
    {
        var stream = instances.Current;
        var window = source.WindowOf(stream);
        var reader = source.Read(stream, window);
        using var lines = new TextLines(_filter, context.MaxLineBytes);
        if (isFirst && request.TailLines is { } last)
            reader.BeginWith(await source.TailStart(stream, window, _filter, context.MaxLineBytes).FindAsync(last, cancellationToken));

        Introduce(instances);
        var pace = new PollPace(context.TimeProvider);
        for (var sawNewer = false; ; sawNewer = instances.HasNext)
        {
            end.BeginRead();
            var hasNews = await ReadToEndAsync(reader, lines, cancellationToken);
            if (hasNews)
            {
                end.GotNews();
                pace.GotNews();
            }

            if (end.IsOneReadEnough || ((end.IsOver || sawNewer) && !hasNews && await IsAllReadAsync(reader, lines, instances, cancellationToken)))
                break;

            await output.FlushAsync(cancellationToken);
            await pace.WaitAsync(cancellationToken);
            if (pace.IsTimeToLookForInstances && !instances.HasNext)
                await instances.RefreshAsync(cancellationToken);

            if ((reader.HasNews && reader.Age >= LateInterval) || reader.Age >= EventWindow.Followed)
                reader.GoBack(source.EndOfWindow());
        }

        while (!lines.TryFinish(output.Batch))
            await output.FlushAsync(cancellationToken);

        await output.FlushAsync(cancellationToken);
    }

    // Nothing came in time: events may have come late, and the container may have restarted.
    private async Task<bool> IsAllReadAsync(EventReader reader, TextLines lines, InstanceList instances, CancellationToken cancellationToken)
    {
        reader.GoBack();
        if (await ReadToEndAsync(reader, lines, cancellationToken))
        {
            end.GotNews();
            return false;
        }

        if (!instances.HasNext)
            await instances.RefreshAsync(cancellationToken);

        return true;
    }

    // Reads page after page; true when anything came.
    private async Task<bool> ReadToEndAsync(EventReader reader, TextLines lines, CancellationToken cancellationToken)
    {
        var hasNews = false;
        do
        {
            var page = await reader.ReadAsync(cancellationToken);
            if (reader.LateEvents > 0)
                Tell(LogNoticeKind.Inexact, $"{reader.LateEvents} events reached CloudWatch late: their lines stand after newer ones.");

            foreach (var e in page)
            {
                if (source.Decoder.Decode(e.Timestamp, e.Message) is not { } content)
                    continue;

                while (!lines.TryTake(output.Batch, content.Time, content.Stream, content.Text.Span, !content.IsPart))
                    await output.FlushAsync(cancellationToken);
            }

            if (source.Decoder.IsInexact && !_saidInexact)
            {
                _saidInexact = true;
                Tell(LogNoticeKind.Inexact, "The agent that wrote to CloudWatch did not keep the original lines: these are what it made of them.");
            }

            hasNews |= page.Count > 0;
            await output.FlushAsync(cancellationToken);
        }
        while (!reader.IsAtEnd);

        return hasNews;
    }

    private void Introduce(InstanceList instances)
    {
        output.Batch.Instance = new ContainerInstance { RestartCount = instances.CurrentRestartCount, ContainerId = instances.Current.ContainerId };
        output.Batch.Facts = new ContainerFacts { PodUid = instances.Current.PodUid, Node = instances.Current.Node };
    }

    private void Tell(LogNoticeKind kind, string message) => output.Batch.Add(new LogNotice(kind, message));
}
