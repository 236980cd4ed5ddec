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

    public void Add(Verdict verdict)
    {
        _verdicts.RemoveAll(earlier => earlier.Backend == verdict.Backend);
        _verdicts.Add(verdict);
    }

    /// <summary>The one failure of a tail all of whose logs failed.</summary>
    public static TailFailedException Combine(IReadOnlyList<TailFailedException> failures)
    {
        var code = failures.Select(failure => failure.Code).MinBy(code => Array.IndexOf(Precedence, code) is var rank and >= 0 ? rank : int.MaxValue);
        var messages = failures.Select(failure => failure.Message).Distinct().ToList();
        var more = messages.Count > MostTold ? $"; and {messages.Count - MostTold} more" : "";
        return new TailFailedException(code, string.Join("; ", messages.Take(MostTold)) + more, [.. failures.SelectMany(failure => failure.Verdicts).Distinct().Take(2 * MostTold)]);
    }

    public TailFailedException ToFailure()
    {
        if (_verdicts.Count == 0)
        {
            return new TailFailedException(StatusCode.FailedPrecondition, "No log backend is active: runlogs.v1.BackendService/ListBackends tells each one's state and reason.");
        }

        var code = Precedence.First(code => _verdicts.Exists(verdict => verdict.Code == code));
        var message = _verdicts is [var only] ? only.Message : string.Join("; ", _verdicts.Select(verdict => $"{verdict.Message} ({verdict.Backend})"));
        return new TailFailedException(code, message, [.. _verdicts]);
    }
}
