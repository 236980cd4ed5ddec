using Google.Cloud.Logging.V2;
using RunLogs.Abstractions;

namespace RunLogs.Plugins.Stackdriver;

/// <summary>One tail of one container: what there is of it, and the wait for more.</summary>
internal sealed class ContainerTail : IDisposable
{
    private const string Node = "compute.googleapis.com/resource_name";
    private static readonly TimeSpan LateInterval = TimeSpan.FromSeconds(60);

    // Entries of one moment may become visible in another order.
    private static readonly TimeSpan Overlap = TimeSpan.FromSeconds(10);

    private readonly LoggingCalls _calls;
    private readonly EntryFilter _filter;
    private readonly EntryDecoder _decoder;
    private readonly TailRequest _request;
    private readonly PluginContext _context;
    private readonly ArchiveEnd _end;
    private readonly BatchOutput _output;
    private readonly LineFilter _wanted;
    private readonly TextLines _lines;
    private readonly SplitEntries _split;
    private EntryReader _reader;
    private bool _saidInexact;

    public ContainerTail(LoggingCalls calls, StackdriverSettings settings, TailRequest request, PluginContext context, BatchOutput output)
    {
        (_calls, _request, _context, _output) = (calls, request, context, output);
        _filter = new EntryFilter(settings, request);
        _decoder = new EntryDecoder(settings);
        _end = new ArchiveEnd(request, context.Archive, context.TimeProvider);
        _wanted = new LineFilter(request.Since, request.Until);
        _lines = new TextLines(_wanted, context.MaxLineBytes);
        _split = new SplitEntries(context.TimeProvider);
        _reader = Read(Asked);
    }

    private EntryWindow Lifetime => EntryWindow.Lifetime(_request, _context.TimeProvider.GetUtcNow());

    // Its end goes on with the clock while a container is followed.
    private EntryWindow Asked => Lifetime.Within(_request.Since, _request.Until);

    /// <summary>Reads from the beginning of what is asked for; null when there is nothing of the container.</summary>
    public async Task<TailEnd?> RunAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<LogEntry> first;
        while (true)
        {
            _end.BeginRead();
            if (await TryOpenAsync(cancellationToken) is { } page)
            {
                first = page;
                break;
            }

            if (!_end.MayAppear)
                return null;

            await Task.Delay(PollPace.Shortest, _context.TimeProvider, cancellationToken);
        }

        await FollowAsync(first, cancellationToken);
        while (_split.TakeIncomplete(atEnd: true) is { } parts)
            await TakeIncompleteAsync(parts, cancellationToken);

        while (!_lines.TryFinish(_output.Batch))
            await _output.FlushAsync(cancellationToken);

        await _output.FlushAsync(cancellationToken);
        return _end.IsKnownEnd ? TailEnd.Complete : TailEnd.Stopped;
    }

    public void Dispose()
    {
        _lines.Dispose();
        _decoder.Dispose();
    }

    // The first page of what is asked for, which may be empty; null when the container has no entry at all.
    private async Task<IReadOnlyList<LogEntry>?> TryOpenAsync(CancellationToken cancellationToken)
    {
        var asked = Asked;
        if (_request.TailLines is { } last)
        {
            (var from, _wanted.Skip) = await new TailStart(_calls, _filter, asked, _decoder).FindAsync(last, cancellationToken);
            asked = asked with { From = from ?? asked.From };
        }

        _reader = Read(asked);
        var page = await FirstAsync(_reader, cancellationToken);
        var lifetime = Lifetime;
        var known = page.Count > 0 || asked == lifetime ? page : await FirstAsync(Read(lifetime, pageSize: 1), cancellationToken);
        if (known.Count == 0)
            return null;

        _output.Batch.Facts = new ContainerFacts { Node = known[0].Labels.GetValueOrDefault(Node) };
        if (_request is { Instance.RestartCount: > 0, Since: null })
            Tell(LogNoticeKind.Inexact, $"Cloud Logging does not tell the instances of a container apart: what it has of {Container} comes from the first on.");

        return page;
    }

    private static async Task<IReadOnlyList<LogEntry>> FirstAsync(EntryReader reader, CancellationToken cancellationToken)
    {
        IReadOnlyList<LogEntry> page;
        do
            page = await reader.ReadAsync(cancellationToken);
        while (page.Count == 0 && !reader.IsAtEnd);

        return page;
    }

    private async Task FollowAsync(IReadOnlyList<LogEntry> first, CancellationToken cancellationToken)
    {
        var pace = new PollPace(_context.TimeProvider);
        for (var hasNews = await ReadToEndAsync(first, cancellationToken); ; hasNews = await ReadToEndAsync(null, cancellationToken))
        {
            if (hasNews)
            {
                _end.GotNews();
                pace.GotNews();
            }

            if (_end.IsOneReadEnough || (_end.IsOver && !hasNews && await IsAllReadAsync(cancellationToken)))
                return;

            await pace.WaitAsync(cancellationToken);
            _end.BeginRead();
            _reader.Reopen(_reader.HasNews && _reader.Age >= LateInterval ? RecentEntries.Span : Overlap, Asked.To);
        }
    }

    // Nothing came in time: entries may have come late.
    private async Task<bool> IsAllReadAsync(CancellationToken cancellationToken)
    {
        _reader.Reopen(RecentEntries.Span, Asked.To);
        if (!await ReadToEndAsync(null, cancellationToken))
            return true;

        _end.GotNews();
        return false;
    }

    // Reads page after page, as fast as the host takes them; true when anything came.
    private async Task<bool> ReadToEndAsync(IReadOnlyList<LogEntry>? first, CancellationToken cancellationToken)
    {
        var hasNews = false;
        for (var page = first ?? await _reader.ReadAsync(cancellationToken); ; page = await _reader.ReadAsync(cancellationToken))
        {
            if (_reader.LateEntries > 0)
                Tell(LogNoticeKind.Inexact, $"{_reader.LateEntries} entries reached Cloud Logging late: their lines stand after newer ones.");

            foreach (var entry in page)
            {
                if (entry.Split is not { TotalSplits: > 1 })
                    await TakeAsync([entry], cancellationToken);
                else if (_split.Add(entry) is { } whole)
                    await TakeAsync(whole, cancellationToken);
            }

            while (_split.TakeIncomplete(atEnd: false) is { } parts)
                await TakeIncompleteAsync(parts, cancellationToken);

            hasNews |= page.Count > 0;
            await _output.FlushAsync(cancellationToken);
            if (_reader.IsAtEnd)
                return hasNews;
        }
    }

    // The parts of one text, or the whole of it: one line, or several.
    private async ValueTask TakeAsync(IReadOnlyList<LogEntry> parts, CancellationToken cancellationToken)
    {
        var time = EntryDecoder.TimeOf(parts[0]);
        var stream = EntryDecoder.StreamOf(parts[0]);
        for (var i = 0; i < parts.Count; i++)
        {
            var ends = i == parts.Count - 1;
            var text = _decoder.TextOf(parts[i], isPart: !ends);
            while (!_lines.TryTake(_output.Batch, time, stream, text.Span, ends))
                await _output.FlushAsync(cancellationToken);
        }

        if (_decoder.IsInexact && !_saidInexact)
        {
            _saidInexact = true;
            Tell(LogNoticeKind.Inexact, "The agent took some lines for JSON and did not keep their text: what stands for them is their message, or JSON written anew.");
        }
    }

    private async ValueTask TakeIncompleteAsync(IReadOnlyList<LogEntry> parts, CancellationToken cancellationToken)
    {
        Tell(LogNoticeKind.LinesLost, $"Cloud Logging has {parts.Count} of the {parts[0].Split.TotalSplits} parts of a long line: the others are missing in it.");
        await TakeAsync(parts, cancellationToken);
    }

    private EntryReader Read(EntryWindow window, int pageSize = EntryReader.MostPageEntries) => new(_calls, _filter, window, _context.TimeProvider, pageSize);

    private string Container => $"container {_request.Container} of pod {_request.Pod}";

    private void Tell(LogNoticeKind kind, string message) => _output.Batch.Add(new LogNotice(kind, message));
}
