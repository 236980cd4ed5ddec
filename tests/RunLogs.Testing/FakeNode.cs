using Microsoft.Extensions.Time.Testing;
using RunLogs.Abstractions;

namespace RunLogs.Testing;

/// <summary>A node that runs containers and keeps their logs, as the backend under test sees it.</summary>
public abstract class FakeNode : IAsyncDisposable
{
    /// <summary>The longest a test waits for anything, in real time.</summary>
    public static TimeSpan Patience => TimeSpan.FromSeconds(30);

    public FakeTimeProvider Time { get; } = new(Some.Now);

    /// <summary>Whether the backend can tell stdout from stderr.</summary>
    public virtual bool KnowsStreams => true;

    /// <summary>Whether the backend knows of a container that wrote nothing.</summary>
    public virtual bool KnowsSilence => true;

    /// <summary>Whether the backend tells the instances of a container apart.</summary>
    public virtual bool KnowsInstances => true;

    /// <summary>Whether the backend tells pods of one name apart by their UIDs.</summary>
    public virtual bool KnowsPodUid => true;

    /// <summary>Whether the backend knows the order of lines whose times go back; else it orders by time.</summary>
    public virtual bool KnowsSourceOrder => true;

    /// <summary>Whether the backend knows that a last line had no line feed.</summary>
    public virtual bool KnowsOpenEnd => true;

    /// <summary>How far the clock goes in each round of <see cref="Within{T}"/>.</summary>
    protected virtual TimeSpan Step => TimeSpan.FromMilliseconds(250);

    /// <summary>How far the clock goes in each round of <see cref="WithinMinutes{T}"/>.</summary>
    protected virtual TimeSpan SmallStep => TimeSpan.FromMilliseconds(50);

    /// <summary>A streamer that reads from this node; whoever made it disposes it.</summary>
    public abstract ILogStreamer CreateStreamer(int maxLineBytes = 256 * 1024);

    /// <summary>Starts a container, and its pod if that does not run yet; the lines are there when it returns.</summary>
    public abstract Task RunAsync(SomeContainer container, params WrittenLine[] lines);

    /// <summary>Lets the running instance write more.</summary>
    public abstract Task AppendAsync(SomeContainer container, params WrittenLine[] lines);

    /// <summary>Ends the running instance for good; its log stays.</summary>
    public abstract Task EndAsync(SomeContainer container);

    /// <summary>Ends the running instance and starts the next one.</summary>
    public abstract Task RestartAsync(SomeContainer container, params WrittenLine[] lines);

    /// <summary>Deletes the pod: another of the same name may run then.</summary>
    public abstract Task DeletePodAsync(SomeContainer container);

    /// <summary>What the host would ask with: names, and of a container that ended, for an archive, the end.</summary>
    public abstract TailRequest Request(SomeContainer container);

    /// <summary>Awaits with the clock going; fails after <see cref="Patience"/>.</summary>
    public async Task<T> Within<T>(Task<T> task)
    {
        await Within((Task)task);
        return await task;
    }

    /// <inheritdoc cref="Within{T}"/>
    public Task Within(Task task) => AwaitAsync(task, Step, TimeSpan.FromMilliseconds(5), Patience);

    /// <summary>Awaits what takes many minutes of the clock, in steps that leave time for many calls.</summary>
    public async Task<T> WithinMinutes<T>(Task<T> task, TimeSpan? step = null)
    {
        await WithinMinutes((Task)task, step);
        return await task;
    }

    /// <inheritdoc cref="WithinMinutes{T}"/>
    public Task WithinMinutes(Task task, TimeSpan? step = null) => AwaitAsync(task, step ?? SmallStep, TimeSpan.FromMilliseconds(3), TimeSpan.FromMinutes(3));

    public abstract ValueTask DisposeAsync();

    private async Task AwaitAsync(Task task, TimeSpan step, TimeSpan pause, TimeSpan patience)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!task.IsCompleted && TimeProvider.System.GetElapsedTime(started) < patience)
        {
            Time.Advance(step);
            // Real sockets and files need real time to answer before the clock goes on.
            await Task.WhenAny(task, Task.Delay(pause, TimeProvider.System));
        }

        await task.WaitAsync(TimeSpan.Zero);
    }
}
