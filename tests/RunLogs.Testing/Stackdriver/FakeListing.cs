using Grpc.Core;
using RunLogs.Testing.Stackdriver.Protos;

namespace RunLogs.Testing.Stackdriver;

/// <summary>The gRPC side of a <see cref="FakeLoggingService"/>.</summary>
internal sealed class FakeListing(FakeLoggingService service) : LoggingServiceV2.LoggingServiceV2Base
{
    public override Task<ListLogEntriesResponse> ListLogEntries(ListLogEntriesRequest request, ServerCallContext context) => service.ListAsync(request, context.RequestHeaders);
}
