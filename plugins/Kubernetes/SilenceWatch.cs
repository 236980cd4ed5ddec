using RunLogs.Abstractions;

namespace RunLogs.Plugins.Kubernetes;

/// <summary>Has followed logs that bring nothing for long asked after: a kubelet may stop following, at a rotation or with its node, and keep the stream open.</summary>
/// <remarks>Ten thousand quiet containers cost the API some sixty requests a second, at most eight at once.</remarks>
internal sealed class SilenceWatch(TimeProvider time) : IDisposable
{
    private const int MostAtOnce = 8;

    private readonly SemaphoreSlim _places = new(MostAtOnce);

    // The longer a container is quiet the more likely that is all there is.
    private static TimeSpan FirstWait => TimeSpan.FromMinutes(1);

    private static TimeSpan LongestWait => TimeSpan.FromMinutes(8);

    // What was just written may still be on its way.
    private static TimeSpan Grace => TimeSpan.FromSeconds(5);

    /// <summary>Awaits what comes next of a followed log.</summary>
    /// <param name="read">The read that waits for it.</param>
    /// <param name="isMute">Whether there is more than the stream brought; asked in times of silence, and given up when it ends.</param>
    /// <param name="mute">What to throw then.</param>
    /// <param name="cancellationToken">Ends the read, too.</param>
    public async Task<int> WaitAsync(Task<int> read, Func<CancellationToken, Task<bool>> isMute, Func<LogStreamException> mute, CancellationToken cancellationToken)
    {
        var wait = FirstWait;
        while (!await EndsWithinAsync(read, wait * (0.75 + (Random.Shared.NextDouble() / 2))))
        {
            if (await IsMuteAsync(read, isMute, cancellationToken) && !await EndsWithinAsync(read, Grace))
            {
                throw mute();
            }

            wait = wait * 2 < LongestWait ? wait * 2 : LongestWait;
        }

        return await read;
    }

    public void Dispose() => _places.Dispose();

    private async Task<bool> EndsWithinAsync(Task read, TimeSpan limit)
    {
        // The read has a token of its own.
        await read.WaitAsync(limit, time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return read.IsCompleted;
    }

    private async Task<bool> IsMuteAsync(Task read, Func<CancellationToken, Task<bool>> isMute, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var asking = AskAsync(isMute, stop.Token);
        await Task.WhenAny(read, asking);
        await stop.CancelAsync();
        return await asking;
    }

    private async Task<bool> AskAsync(Func<CancellationToken, Task<bool>> isMute, CancellationToken cancellationToken)
    {
        try
        {
            await _places.WaitAsync(cancellationToken);
            try
            {
                return await isMute(cancellationToken);
            }
            finally
            {
                _places.Release();
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return false;
        }
        catch (LogStreamException)
        {
            // That nobody answers says nothing of the stream: it is asked again later.
            return false;
        }
    }
}
