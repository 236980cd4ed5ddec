namespace RunLogs.Plugins.Kubernetes;

/// <summary>Whether a followed log that brings nothing has ended or has more lines than came.</summary>
internal sealed class FollowCheck(PodLogSource logs, ContainerWatch container, InstanceLog log, LogRead read)
{
    private LogMark? _before;

    public async Task<bool> IsMuteAsync(CancellationToken cancellationToken)
    {
        if (!await container.RunsAsync(log, cancellationToken))
        {
            return true;
        }

        if (await logs.EndAsync(log, read, cancellationToken) is not { } end)
        {
            return true;
        }

        // A file that was just begun is empty. Where nothing was asked for of what there was, only that it changed tells.
        var isMute = end.Lines > 0 && (read.HasNothingOfAll ? _before is { } before && before != end : !read.EndsWith(end));
        _before = end;
        return isMute;
    }
}
