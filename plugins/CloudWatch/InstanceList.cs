using System.Globalization;
using RunLogs.Abstractions;

namespace RunLogs.Plugins.CloudWatch;

/// <summary>The instances of a container, oldest first, and the one a tail stands in.</summary>
/// <remarks>Restarts are counted from the first stream there is, unless the request tells an instance's number and id.</remarks>
internal sealed class InstanceList(StreamSearch search, TailRequest request)
{
    private IReadOnlyList<InstanceStream> _streams = [];
    private int _current;
    private int _offset;

    public InstanceStream Current => _streams[_current];

    public int CurrentRestartCount => _current + _offset;

    public string CurrentName => $"instance {CurrentRestartCount.ToString(CultureInfo.InvariantCulture)}";

    public bool HasNext => _current < _streams.Count - 1;

    /// <summary>Whether the instance asked for is not there any more, but a later one is.</summary>
    public bool IsBeginningLost { get; private set; }

    /// <summary>Looks for the instance to begin with; false when there is none.</summary>
    public async Task<bool> TryBeginAsync(CancellationToken cancellationToken)
    {
        _streams = await search.FindAsync(cancellationToken);
        if (_streams.Count == 0)
            return false;

        _current = request switch
        {
            { Previous: true } => _streams.Count - 2,
            { Instance: { } asked } => IndexOf(asked),
            _ => _streams.Count - 1,
        };
        return _current >= 0;
    }

    public void MoveNext() => _current++;

    /// <summary>Looks for instances that are new.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        var current = Current.Name;
        var streams = await search.FindAsync(cancellationToken);
        for (var i = 0; i < streams.Count; i++)
        {
            if (streams[i].Name != current)
                continue;

            (_streams, _offset, _current) = (streams, _offset + _current - i, i);
            return;
        }
    }

    private int IndexOf(ContainerInstance asked)
    {
        for (var i = 0; i < _streams.Count && asked.ContainerId is not null; i++)
        {
            if (_streams[i].ContainerId == asked.ContainerId)
            {
                _offset = (asked.RestartCount ?? i) - i;
                return i;
            }
        }

        // An id that is not there says more than a number: that instance's stream is gone, or has not come yet.
        if (asked.ContainerId is not null && _streams.All(stream => stream.ContainerId is not null) && asked.RestartCount >= _streams.Count)
            return -1;

        IsBeginningLost = asked.ContainerId is not null && _streams.All(stream => stream.ContainerId is not null);
        return asked.RestartCount is { } number ? number < _streams.Count ? number : -1 : _streams.Count - 1;
    }
}
