using System.Text;
using RunLogs.Abstractions;
using RunLogs.Host.Tailing;

namespace RunLogs.Host.Tests.Tailing;

/// <summary>A client that keeps what it gets.</summary>
internal sealed class CollectingSink : ITailSink
{
    private readonly Lock _gate = new();
    private readonly List<(Func<bool> IsReached, TaskCompletionSource Reached)> _awaited = [];

    public List<string> Lines { get; } = [];

    public List<string> Notices { get; } = [];

    public int Heartbeats { get; private set; }

    public int Writes { get; private set; }

    public bool Accepted { get; private set; }

    public Delivery? Delivery { get; private set; }

    /// <summary>Set to make every write wait.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    /// <summary>What it was told at the end.</summary>
    public Closing? Closing { get; private set; }

    public bool KeepsLineEnds => false;

    public bool TakesSingleLines { get; init; }

    public ValueTask AcceptAsync(TailPlan plan, Delivery delivery, CancellationToken cancellationToken)
    {
        (Accepted, Delivery) = (true, delivery);
        return ValueTask.CompletedTask;
    }

    public async ValueTask WriteAsync(TailItem item, bool flush, CancellationToken cancellationToken)
    {
        await Gate.WaitAsync(cancellationToken);
        lock (_gate)
        {
            Writes++;
            Notices.AddRange(item.Batch.Notices.Select(notice => notice.Message));
            foreach (var entry in item.Batch.Entries)
            {
                Lines.Add(Encoding.UTF8.GetString(item.Batch.TextOf(entry)));
            }

            Tell();
        }
    }

    public ValueTask HeartbeatAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            Heartbeats++;
            Tell();
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask EndAsync(Closing closing, CancellationToken cancellationToken)
    {
        Closing = closing;
        return ValueTask.CompletedTask;
    }

    /// <summary>Completes when so many lines and heartbeats came.</summary>
    public Task Received(int count) => Reached(() => Lines.Count + Heartbeats >= count);

    /// <summary>Completes when it was written to so often, with or without lines.</summary>
    public Task Written(int count) => Reached(() => Writes >= count);

    private Task Reached(Func<bool> isReached)
    {
        lock (_gate)
        {
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _awaited.Add((isReached, reached));
            Tell();
            return reached.Task.WaitAsync(TimeSpan.FromSeconds(20));
        }
    }

    private void Tell() => _awaited.FindAll(awaited => awaited.IsReached()).ForEach(awaited => awaited.Reached.TrySetResult());
}
