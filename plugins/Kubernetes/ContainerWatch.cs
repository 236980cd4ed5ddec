using Microsoft.Extensions.Logging;
using RunLogs.Abstractions;

namespace RunLogs.Plugins.Kubernetes;

/// <summary>Watches one container through the pod's status: which instance to read, and what its log's end means.</summary>
internal sealed class ContainerWatch(PodStatusReader pods, TailRequest request, TimeSpan waitForStart, TimeProvider time, ILogger logger)
{
    private static TimeSpan Interval => TimeSpan.FromSeconds(1);

    // The API shows a container's end up to about a second late.
    private static TimeSpan StatusLag => TimeSpan.FromSeconds(3);

    private PodStatus? _pod;

    /// <summary>Facts of an instance, as of the last look.</summary>
    public ContainerFacts Facts(InstanceLog log) => (_pod?.Facts(log) ?? new ContainerFacts()) with { Container = request.Container };

    /// <summary>The instance to begin with, once it has started; null when it has not and nobody waits.</summary>
    public async Task<InstanceLog?> FindAsync(CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        while (true)
        {
            _pod = await pods.ReadAsync(cancellationToken);
            var container = _pod.Container(request.Container);
            if (Choose(container) is { } log)
            {
                return log;
            }

            if (_pod.IsOver)
            {
                throw NotStarted($"will not start any more: {_pod.OverReason}");
            }

            if (request.Follow == FollowMode.Never)
            {
                return null;
            }

            if (time.GetElapsedTime(began) >= waitForStart)
            {
                throw NotStarted($"did not start within {waitForStart.TotalSeconds:0.###} s: {container.WaitReason}");
            }

            Log.WaitingForStart(logger, request.Namespace, request.Pod, request.Container, container.WaitReason);
            await Task.Delay(Interval, time, cancellationToken);
        }
    }

    /// <summary>Whether a log that was just opened is this instance's.</summary>
    public async Task<bool> IsServedAsync(InstanceLog log, CancellationToken cancellationToken)
    {
        if (await pods.TryReadAsync(cancellationToken) is not { } pod)
        {
            // What still comes of a pod that was deleted since is its own, unless another took its name.
            return pods.IsReplaced ? throw ApiFailure.PodNotFound(request) : true;
        }

        _pod = pod;
        var container = pod.Container(request.Container);
        return (log.Previous ? container.Previous : container.Newest)?.Is(log.Instance) == true;
    }

    /// <summary>Whether an instance runs: false also when its pod is gone.</summary>
    public async Task<bool> RunsAsync(InstanceLog log, CancellationToken cancellationToken)
    {
        if (await pods.TryReadAsync(cancellationToken) is not { } pod)
        {
            return false;
        }

        _pod = pod;
        return Again(log) is { Running: true };
    }

    /// <summary>How the log of an instance can be read as of the last look; null when it is gone.</summary>
    public InstanceLog? Again(InstanceLog log) => _pod?.Container(request.Container) is not { } container ? null
        : container.Newest is { } newest && newest.Is(log.Instance) ? newest
        : container.Previous is { } previous && previous.Is(log.Instance) ? previous
        : null;

    /// <summary>The newest instance as of the last look.</summary>
    public InstanceLog? Newest => _pod?.Container(request.Container).Newest;

    /// <summary>What became of an instance whose log has ended.</summary>
    /// <param name="log">The instance.</param>
    /// <param name="isWhole">Whether the log has no more lines than were read: if it has, it did not end.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<InstanceEnd> AfterAsync(InstanceLog log, Func<Task<bool>> isWhole, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        while (true)
        {
            if (await pods.TryReadAsync(cancellationToken) is not { } pod)
            {
                return InstanceEnd.PodGone;
            }

            _pod = pod;
            var container = pod.Container(request.Container);
            if (Next(container, log.Instance) is { } next)
            {
                return InstanceEnd.WithNext(Again(log), next);
            }

            if (container.Newest is { Running: false } ended && ended.Is(log.Instance))
            {
                return InstanceEnd.Of(ended);
            }

            if (time.GetElapsedTime(began) >= StatusLag || !await isWhole())
            {
                return InstanceEnd.StillRunning;
            }

            await Task.Delay(Interval / 4, time, cancellationToken);
        }
    }

    /// <summary>Waits for the instance that follows, for as long as the kubelet will start one.</summary>
    public async Task<InstanceEnd> NextAsync(InstanceLog log, CancellationToken cancellationToken)
    {
        while (true)
        {
            var end = await AfterAsync(log, () => Task.FromResult(true), cancellationToken);
            if (end.Next is not null || end.Ended is not { Restarts: true })
            {
                return end;
            }

            await Task.Delay(Interval, time, cancellationToken);
        }
    }

    private InstanceLog? Choose(ContainerStatus container)
    {
        if (request.Previous)
        {
            return container.Previous ?? throw new LogStreamException(LogStreamError.NotFound, $"previous terminated container \"{request.Container}\" in pod \"{request.Pod}\" not found", "NOT_FOUND");
        }

        if (request.Instance is not { } wanted || container.Newest is not { } newest || newest.Is(wanted))
        {
            return container.Newest;
        }

        if (container.Previous is { } previous && previous.Is(wanted))
        {
            return previous;
        }

        // An instance later than the newest one is just not shown yet.
        return wanted.RestartCount > newest.Instance.RestartCount ? null : throw BodyText.Collected(request);
    }

    // The earliest instance after another one whose log is still there.
    private static InstanceLog? Next(ContainerStatus container, ContainerInstance after) =>
        container.Previous is { } previous && previous.IsAfter(after) ? previous
        : container.Newest is { } newest && newest.IsAfter(after) ? newest
        : null;

    private LogStreamException NotStarted(string what) =>
        new(LogStreamError.FailedPrecondition, $"container {request.Container} of pod {request.Pod} in namespace {request.Namespace} {what}", "NOT_STARTED");
}
