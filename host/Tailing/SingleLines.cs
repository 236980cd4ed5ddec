namespace RunLogs.Host.Tailing;

/// <summary>A source whose batches hold one line each, so that the client's position after every line is known.</summary>
internal sealed class SingleLines(ITailSource source) : ITailSource, IDisposable
{
    private TailItem? _rest;
    private bool _begun;

    public bool HasItems => _rest is not null || source.HasItems;

    public async ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken) => _rest is not null || await source.WaitToReadAsync(cancellationToken);

    public bool TryRead(out TailItem item)
    {
        if (_rest is not { } rest)
        {
            if (!source.TryRead(out rest))
            {
                item = default;
                return false;
            }

            _begun = false;
        }

        if (rest.Batch.Entries.Length < 2 && !_begun)
        {
            item = rest;
            return true;
        }

        item = rest with { Batch = rest.Batch.TakeFirst(1, first: !_begun), Hashes = null };
        (_rest, _begun) = (rest, true);
        if (rest.Batch.Entries.IsEmpty)
        {
            Dispose();
        }

        return true;
    }

    public void Dispose()
    {
        _rest?.Dispose();
        _rest = null;
    }
}
