using RunLogs.Abstractions;
using RunLogs.Host.Settings;
using RunLogs.Protos.Flyte.Common;
using RunLogs.Protos.Flyte.Workflow;
using RunLogs.Protos.V1;

namespace RunLogs.Host.Contexts;

/// <summary>The contexts that a Flyte's RunService tells.</summary>
internal sealed class FlyteRunService(FlyteCalls calls) : IFlyteSource
{
    private const string GetActionDetails = "GetActionDetails";
    private const string GetActionLogContext = "GetActionLogContext";

    public TimeSpan PollInterval { get; } = TimeSpan.FromSeconds(3);

    public async Task<FlyteAttempt?> FindAsync(AttemptIdentity attempt, CancellationToken cancellationToken)
    {
        var action = IdOf(attempt);
        var (code, details) = await calls.CallAsync(GetActionDetails, new GetActionDetailsRequest { ActionId = action }, GetActionDetailsResponse.Parser, cancellationToken);
        if (code == FlyteCalls.Unimplemented)
        {
            return await FindContextAsync(action, attempt.Attempt, null, cancellationToken);
        }

        var attempts = details?.Details?.Attempts ?? [];
        var latest = attempts.MaxBy(one => one.Attempt);
        var found = attempt.Attempt == 0 ? latest : attempts.FirstOrDefault(one => one.Attempt == attempt.Attempt);
        if (found is null)
        {
            return null;
        }

        // Servers before the field tell of it in another call.
        return found is { LogContext: null, LogsAvailable: true }
            ? await FindContextAsync(action, found.Attempt, found, cancellationToken)
            : Found(action, found, found.Attempt < latest!.Attempt);
    }

    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        var nobody = new ActionIdentifier { Run = new RunIdentifier { Org = "runlogs", Project = "runlogs", Domain = "runlogs", Name = "runlogs" }, Name = "a0" };
        try
        {
            await calls.CallAsync(GetActionDetails, new GetActionDetailsRequest { ActionId = nobody }, GetActionDetailsResponse.Parser, cancellationToken);
        }
        catch (ContextException e) when (e.Error == ContextError.PermissionDenied)
        {
            // It answers; whether it answers a caller is between the two.
        }
    }

    public ValueTask DisposeAsync()
    {
        calls.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<FlyteAttempt?> FindContextAsync(ActionIdentifier action, uint attempt, ActionAttempt? known, CancellationToken cancellationToken)
    {
        var request = new GetActionLogContextRequest { ActionId = action, Attempt = attempt };
        var (code, context) = await calls.CallAsync(GetActionLogContext, request, GetActionLogContextResponse.Parser, cancellationToken);
        if (code == FlyteCalls.Unimplemented)
        {
            throw calls.Unavailable(GetActionLogContext, $"it has no such call; is it a Flyte ({FlyteOptions.EndpointKey})?", null);
        }

        if (context is null && known is null)
        {
            return null;
        }

        // Without an end it may still run; without a phase nobody knows.
        var merged = known ?? new ActionAttempt { Attempt = attempt, StartTime = context!.StartTime, EndTime = context.EndTime };
        merged.LogContext = context?.LogContext;
        merged.Cluster = merged.Cluster.Length > 0 ? merged.Cluster : context?.Cluster ?? "";
        return Found(action, merged, isOver: known is null);
    }

    private static FlyteAttempt Found(ActionIdentifier action, ActionAttempt attempt, bool isOver)
    {
        var ended = FlyteAttemptRows.IsTerminal(attempt.Phase);
        var record = new LogContextRecord
        {
            ActionId = action,
            Attempt = attempt.Attempt,
            LogContext = attempt.LogContext,
            Cluster = attempt.Cluster,
            StartTime = attempt.StartTime,
            EndTime = attempt.EndTime,
        };
        return new FlyteAttempt(record, isOver || ended);
    }

    private static ActionIdentifier IdOf(AttemptIdentity attempt) =>
        new() { Run = new RunIdentifier { Org = attempt.Org, Project = attempt.Project, Domain = attempt.Domain, Name = attempt.Run }, Name = attempt.Action };
}
