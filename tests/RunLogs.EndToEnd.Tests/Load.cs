using Grpc.Core;

namespace RunLogs.EndToEnd.Tests;

/// <summary>One call made again and again by several at once; what they are refused with is kept.</summary>
internal sealed class Load : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private readonly Lock _gate = new();
    private readonly List<RpcException> _refusals = [];
    private readonly Task _calls;
    private TaskCompletionSource _refused = Gate();
    private TaskCompletionSource _answered = Gate();

    private Load(int callers, Func<int, Task> call) => _calls = Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(() => RunAsync(caller, call))));

    /// <summary>What the calls were refused with, of all the time.</summary>
    public IReadOnlyList<RpcException> Refusals
    {
        get
        {
            lock (_gate)
            {
                return [.. _refusals];
            }
        }
    }

    public static Load Start(int callers, Func<int, Task> call) => new(callers, call);

    /// <summary>Ends when a call is refused after now.</summary>
    public Task RefusedAsync() => NextAsync(ref _refused);

    /// <summary>Ends when a call is answered after now.</summary>
    public Task AnsweredAsync() => NextAsync(ref _answered);

    /// <summary>Lets the calls come to their ends; fails with what was neither an answer nor a refusal.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _calls.WaitAsync(Patience);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private async Task RunAsync(int caller, Func<int, Task> call)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await call(caller);
                lock (_gate)
                {
                    _answered.TrySetResult();
                }
            }
            catch (RpcException refusal)
            {
                lock (_gate)
                {
                    _refusals.Add(refusal);
                    _refused.TrySetResult();
                }

                // As clients that are refused do; the machine has other things to do as well.
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private Task NextAsync(ref TaskCompletionSource happened)
    {
        lock (_gate)
        {
            happened = Gate();
            return Task.WhenAny(happened.Task, _calls).WaitAsync(Patience, TestContext.Current.CancellationToken).Unwrap();
        }
    }

    private static TaskCompletionSource Gate() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
