using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using RunLogs.Host.Contexts;
using RunLogs.Protos.Flyte.Common;
using RunLogs.Protos.V1;

namespace RunLogs.Host.Api;

/// <summary>How whoever starts the runs tells RunLogs where they ran.</summary>
[BindServiceMethod(typeof(LogContextService), nameof(BindService))]
internal sealed class LogContextService(LogContextStore store) : Protos.V1.LogContextService.LogContextServiceBase
{
    private const uint DefaultPageSize = 100;
    private const uint MaxPageSize = 1000;

    public static void BindService(ServiceBinderBase binder, Protos.V1.LogContextService.LogContextServiceBase? service) =>
        Protos.V1.LogContextService.BindService(new CheckedRequests(binder), service);

    public override async Task<LogContextRecord> PutLogContext(PutLogContextRequest request, ServerCallContext context)
    {
        ContextException.ThrowIfAny(LogContextRules.Check(request.Record));
        await store.PutAsync(request.Record, context.CancellationToken);
        return request.Record;
    }

    public override async Task<LogContextRecord> GetLogContext(GetLogContextRequest request, ServerCallContext context)
    {
        ContextException.ThrowIfAny(ActionIdentifiers.Check(request.ActionId, "action_id"));
        var attempt = request.ActionId.ToAttempt(request.Attempt);
        return await store.FindAsync(attempt, context.CancellationToken)
            ?? throw new ContextException(ContextError.NotFound, $"no log context found for action {attempt}");
    }

    public override async Task<ListLogContextsResponse> ListLogContexts(ListLogContextsRequest request, ServerCallContext context)
    {
        ContextException.ThrowIfAny(Check(request));
        var filter = new LogContextFilter(request.Org, request.Project, request.Domain, request.Run);
        var pageSize = request.PageSize == 0 ? DefaultPageSize : request.PageSize;
        var below = PageToken.TryParse(request.PageToken, out var sequence) ? sequence : long.MaxValue;
        var page = await store.ListAsync(filter, (int)pageSize, below, context.CancellationToken);
        return new ListLogContextsResponse { Records = { page.Records }, NextPageToken = page.Next is { } next ? PageToken.Of(next) : "" };
    }

    public override async Task<Empty> DeleteLogContext(DeleteLogContextRequest request, ServerCallContext context)
    {
        ContextException.ThrowIfAny(Check(request));
        await store.DeleteAsync(request.ActionId.ToAttempt(request.Attempt), context.CancellationToken);
        return new Empty();
    }

    private static IEnumerable<ContextFault> Check(ListLogContextsRequest request)
    {
        var fields = new[] { (request.Org, "org"), (request.Project, "project"), (request.Domain, "domain"), (request.Run, "run") };
        foreach (var fault in fields.Select(field => ActionIdentifiers.Check(field.Item1, field.Item2, required: false)).OfType<ContextFault>())
        {
            yield return fault;
        }

        if (request.PageSize > MaxPageSize)
        {
            yield return new ContextFault("page_size", $"is {request.PageSize}; at most {MaxPageSize} records are given at once");
        }

        if (request.PageToken.Length > 0 && !PageToken.TryParse(request.PageToken, out _))
        {
            yield return new ContextFault("page_token", $"{Quoted.Of(request.PageToken)} is none that ListLogContexts gave");
        }
    }

    private static IEnumerable<ContextFault> Check(DeleteLogContextRequest request)
    {
        foreach (var fault in ActionIdentifiers.Check(request.ActionId, "action_id"))
        {
            yield return fault;
        }

        if (request.Attempt == 0)
        {
            yield return new ContextFault("attempt", "is 0; name the attempt to delete, they count from 1");
        }
    }
}
