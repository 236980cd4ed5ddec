using Grpc.Core;
using RunLogs.Abstractions;

namespace RunLogs.Host.Tailing;

/// <summary>The backends' verdicts of one tail, and the one status they add up to.</summary>
internal sealed class Verdicts
{
    // The first of these that is present is the status; NotFound only if it is the only one.
    private static readonly StatusCode[] Precedence =
    [
        StatusCode.InvalidArgument,
        StatusCode.PermissionDenied,
        StatusCode.FailedPrecondition,
        StatusCode.ResourceExhausted,
        StatusCode.Unavailable,
        StatusCode.Internal,
        StatusCode.NotFound,
    ];

    // Messages and details travel in HTTP trailers, where many clients take 8 KiB in all.
    private const int MostTold = 5;

    private readonly List<Verdict> _verdicts = [];

    /// <summary>Whether a source that would see the pod if it existed says that it does not.</summary>
    public bool PodIsGone => _verdicts.Exists(verdict => verdict is { Kind: LogSourceKind.Live, Code: StatusCode.NotFound });

    /// <summary>A live source, or one that may be, which could not tell whether it has the pod; null when there is none.</summary>
    public string? FailedLive => _verdicts.Find(verdict => verdict.Kind != LogSourceKind.Archive && verdict.Code != StatusCode.NotFound)?.Backend;

    /// <summary>Whether an archive may have later what it did not have now.</summary>
    public bool MayCatchUp => _verdicts.Exists(verdict => verdict.Kind == LogSourceKind.Archive && MayMend(verdict.Backend));

    /// <summary>Whether nothing failed: whoever was asked has nothing, or not yet.</summary>
    public bool OnlyLag => _verdicts.TrueForAll(verdict => verdict.Code == StatusCode.NotFound || verdict.Reason == Verdict.LagPending);

    /// <summary>Whether time may change what a backend said; a live source that lost the pod will not see it again.</summary>
    public bool MayMend(string backend) => _verdicts.TrueForAll(verdict => verdict.Backend != backend
        || (verdict.Kind != LogSourceKind.Live && verdict.Code is StatusCode.NotFound or StatusCode.Unavailable or StatusCode.ResourceExhausted or StatusCode.Internal));

    /// <summary>Keeps a backend's newest verdict; false when it says what the one before said.</summary>
    public bool Add(Verdict verdict)
    {
        var earlier = _verdicts.Find(earlier => earlier.Backend == verdict.Backend);
        Remove(verdict.Backend);
        _verdicts.Add(verdict);
        return (earlier?.Code, earlier?.Reason) != (verdict.Code, verdict.Reason);
    }

    /// <summary>The one failure of a tail all of whose logs failed.</summary>
    public static TailFailedException Combine(IReadOnlyList<TailFailedException> failures)
    {
        var code = failures.Select(failure => failure.Code).MinBy(code => Array.IndexOf(Precedence, code) is var rank and >= 0 ? rank : int.MaxValue);
        var messages = failures.Select(failure => failure.Message).Distinct().ToList();
        var more = messages.Count > MostTold ? $"; and {messages.Count - MostTold} more" : "";
        return new TailFailedException(code, string.Join("; ", messages.Take(MostTold)) + more, [.. failures.SelectMany(failure => failure.Verdicts).Distinct().Take(2 * MostTold)]);
    }

    public void Remove(string backend) => _verdicts.RemoveAll(verdict => verdict.Backend == backend);

    public TailFailedException ToFailure(SourceSelection sources)
    {
        if (_verdicts.Count == 0)
        {
            return new TailFailedException(StatusCode.FailedPrecondition, $"{NothingToAsk(sources)}: runlogs.v1.BackendService/ListBackends tells each one's state and reason.");
        }

        var code = Precedence.First(code => _verdicts.Exists(verdict => verdict.Code == code));
        var message = _verdicts is [var only] ? only.Message : string.Join("; ", _verdicts.Select(verdict => $"{verdict.Message} ({verdict.Backend})"));
        return new TailFailedException(code, message, [.. _verdicts]);
    }

    private static string NothingToAsk(SourceSelection sources) => sources switch
    {
        SourceSelection.LiveOnly => "Live sources only were asked for, and no live log backend is active",
        SourceSelection.PersistedOnly => "Archives only were asked for, and no archive is active among the log backends",
        _ => "No log backend is active",
    };
}
