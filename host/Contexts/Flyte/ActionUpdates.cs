using RunLogs.Abstractions;

namespace RunLogs.Host.Contexts;

/// <summary>Wakes those who wait for news of an action.</summary>
internal sealed class ActionUpdates(TimeProvider time)
{
    private readonly TimeProvider _time = time;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, HashSet<Subscription>> _subscriptions = [];

    /// <summary>Hears of every update of an attempt's action from now on.</summary>
    public Subscription Subscribe(AttemptIdentity attempt)
    {
        var subscription = new Subscription(this, $"{attempt.Project}/{attempt.Domain}/{attempt.Run}/{attempt.Action}");
        lock (_gate)
        {
            if (!_subscriptions.TryGetValue(subscription.Action, out var those))
            {
                _subscriptions[subscription.Action] = those = [];
            }

            those.Add(subscription);
        }

        return subscription;
    }

    /// <summary>Something changed of one action.</summary>
    /// <param name="action">As <c>project/domain/run/action</c>.</param>
    public void Tell(string action)
    {
        lock (_gate)
        {
            foreach (var subscription in _subscriptions.GetValueOrDefault(action, []))
            {
                subscription.Wake();
            }
        }
    }

    /// <summary>Anything may have changed of any action.</summary>
    public void TellAll()
    {
        lock (_gate)
        {
            foreach (var subscription in _subscriptions.Values.SelectMany(those => those))
            {
                subscription.Wake();
            }
        }
    }

    private void Remove(Subscription subscription)
    {
        lock (_gate)
        {
            if (_subscriptions.TryGetValue(subscription.Action, out var those) && those.Remove(subscription) && those.Count == 0)
            {
                _subscriptions.Remove(subscription.Action);
            }
        }
    }

    /// <summary>One who waits; news that come while nobody waits are kept as one.</summary>
    internal sealed class Subscription(ActionUpdates updates, string action) : IDisposable
    {
        private TaskCompletionSource _news = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string Action => action;

        /// <summary>Returns at news, or after a while without any.</summary>
        public async Task WaitAsync(TimeSpan atMost, CancellationToken cancellationToken)
        {
            await _news.Task.WaitAsync(atMost, updates._time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
            if (_news.Task.IsCompleted)
            {
                _news = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }

        public void Wake() => _news.TrySetResult();

        public void Dispose() => updates.Remove(this);
    }
}
