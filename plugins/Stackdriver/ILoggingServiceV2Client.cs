using Google.Cloud.Logging.V2;

namespace RunLogs.Plugins.Stackdriver;

// The operation and the types have the names of the package Google.Cloud.Logging.V2.

/// <summary>The call this backend makes; what is behind it can be replaced by the official client.</summary>
internal interface ILoggingServiceV2Client : IDisposable
{
    /// <summary>One page of entries; failures are <see cref="Grpc.Core.RpcException"/>s, those of the credentials <see cref="RunLogs.Abstractions.LogStreamException"/>s.</summary>
    Task<ListLogEntriesResponse> ListLogEntriesAsync(ListLogEntriesRequest request, CancellationToken cancellationToken);
}
