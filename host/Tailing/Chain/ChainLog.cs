using RunLogs.Abstractions;
using RunLogs.Host.Contexts;

namespace RunLogs.Host.Tailing;

/// <summary>One container's log on its way through the chain: what is asked for, where it stands and what the backends said.</summary>
internal sealed class ChainLog(TailRequest request, LinePosition position, SeamWriter output, TimeProvider time)
{
    private (string? PodUid, string? ContainerId) _recorded;

    /// <summary>What is asked of the next backend; it gathers what the backends before told of the container.</summary>
    public TailRequest Request { get; private set; } = request;

    public LinePosition Position => position;

    public SeamWriter Output => output;

    public StreamDoubts Doubts => output.Doubts;

    public Verdicts Verdicts { get; } = new();

    /// <summary>Who keeps what live sources tell; null for nobody.</summary>
    public FactsRecorder? Recorder { get; init; }

    /// <summary>The backend that had the pod and lost it.</summary>
    public string? LostBy { get; private set; }

    public LogTimestamp Now => LogTimestamp.From(time.GetUtcNow());

    /// <summary>A backend lost the pod: what archives have is all there will be.</summary>
    public void Lose(string backend)
    {
        LostBy = backend;
        EndNow();
    }

    /// <summary>Keeps what a live source tells of the container for tails that come when it is gone.</summary>
    public void Record(LogBatch batch)
    {
        var container = (batch.Facts?.PodUid, batch.Instance?.ContainerId);
        // A source that is opened again tells the same again.
        if (Recorder is not null && batch.Facts is not null && container != _recorded && ContainerRecord.Of(Request, batch) is { } record)
        {
            _recorded = container;
            Recorder.Record(record);
        }
    }

    public void EndNow() => Request = Request with { EndedAt = Request.EndedAt ?? Now };

    /// <summary>Keeps what archives need to find the container.</summary>
    public void Learn(LogBatch batch)
    {
        if (batch.Instance?.ContainerId is { } id && id != Request.ContainerId)
        {
            Request = Request with { ContainerId = id };
        }

        if (batch.Facts is { } facts)
        {
            Request = Request with
            {
                Container = Request.Container.Length > 0 ? Request.Container : facts.Container ?? "",
                PodUid = Request.PodUid ?? facts.PodUid,
                Node = Request.Node ?? facts.Node,
                Labels = Request.Labels.Count > 0 ? Request.Labels : facts.Labels,
                ContainerStart = Request.ContainerStart ?? facts.StartedAt,
            };
        }
    }
}
