using Google.Cloud.Logging.V2;
using Grpc.Core;

namespace RunLogs.Plugins.Stackdriver;

/// <summary>The service's call as one tail makes it, its failures in words.</summary>
internal sealed class LoggingCalls(ILoggingServiceV2Client logging, CallBudget budget, BudgetedCalls calls, ErrorTable errors, string project)
{
    /// <summary>The resource that queries name.</summary>
    public string ResourceName => $"projects/{project}";

    public async Task<ListLogEntriesResponse> ListLogEntriesAsync(ListLogEntriesRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await calls.CallAsync("ListLogEntries", budget, token => logging.ListLogEntriesAsync(request, token), cancellationToken);
        }
        catch (RpcException failure)
        {
            throw errors.Outcome(failure);
        }
    }
}
