namespace RunLogs.Host.Contexts;

/// <summary>Those who write a file of SQLite, which takes one writer: here they go one after the other, in the order they came.</summary>
/// <remarks>SQLite's own wait is for writers of other processes: it holds a thread, and whoever asks at the right moment goes first.</remarks>
internal sealed class SqliteWriters(SqliteLocation location, TimeProvider time) : IDisposable
{
    public const int Places = 1000;

    private readonly SemaphoreSlim _turn = new(1);
    private int _waiting;

    /// <summary>How long one waits for a turn; clients with less time end their calls themselves.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(30);

    /// <exception cref="ContextException">Unavailable, when too many wait or those before take too long.</exception>
    public async Task<T> WriteAsync<T>(Func<Task<T>> write, CancellationToken cancellationToken)
    {
        await WaitAsync(cancellationToken);
        try
        {
            return await write();
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task WaitAsync(CancellationToken cancellationToken)
    {
        using var impatience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, impatience.Token);
        try
        {
            if (Interlocked.Increment(ref _waiting) > Places)
            {
                throw Unavailable($"{Places} other calls wait to write");
            }

            await _turn.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Unavailable($"other calls have been writing for {Patience.TotalSeconds} s");
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    private ContextException Unavailable(string why) =>
        new(ContextError.Unavailable, $"The context database {Path.GetFileName(location.Path)} cannot be written: {why}. Try again.");
}
