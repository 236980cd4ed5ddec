using System.Globalization;
using RunLogs.Abstractions;

namespace RunLogs.Plugins;

/// <summary>The calls of one tail: each in its turn, retried, and long waits told to the client.</summary>
internal sealed class BudgetedCalls(string service, Retries retries, Action<CallBudget> slowDown, BatchOutput output, TimeProvider time)
{
    private static readonly TimeSpan WorthTelling = TimeSpan.FromSeconds(5);
    private bool _isThrottled;
    private bool _told;

    public async Task<T> CallAsync<T>(string operation, CallBudget budget, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var answer = retries.ExecuteAsync(budget, call, Throttled, ended.Token);
        try
        {
            await TellWhileWaitingAsync(operation, budget, answer, ended.Token);
            return await answer;
        }
        finally
        {
            _isThrottled = false;
            await ended.CancelAsync();
            // Nothing of the call outlives it.
            await answer.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    private void Throttled(CallBudget budget)
    {
        _isThrottled = true;
        slowDown(budget);
    }

    // A notice goes out once the host knows that this backend has the container: before, it would take it for that.
    private async Task TellWhileWaitingAsync(string operation, CallBudget budget, Task answer, CancellationToken cancellationToken)
    {
        while (!_told && !answer.IsCompleted && !cancellationToken.IsCancellationRequested)
        {
            using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var first = await Task.WhenAny(answer, Task.Delay(WorthTelling, time, over.Token));
            await over.CancelAsync();
            if (first == answer || !output.IsOpen)
                return;

            if (_isThrottled || budget.Wait > TimeSpan.FromSeconds(1))
                await TellAsync(operation, budget, cancellationToken);
        }
    }

    private async Task TellAsync(string operation, CallBudget budget, CancellationToken cancellationToken)
    {
        _told = true;
        var seconds = Math.Ceiling(budget.Wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        output.Batch.Add(new LogNotice(LogNoticeKind.Throttled, _isThrottled
            ? $"{service} limits the calls of {operation}: lines come later until it lets more through."
            : $"All tails together read {service} as often as its quota of {operation} allows: lines come up to {seconds} s later."));
        await output.FlushAsync(cancellationToken);
    }
}
