using RunLogs.Protos.V1;

namespace RunLogs.EndToEnd.Tests;

/// <summary>What the host says of its backends.</summary>
internal static class Backends
{
    public static async Task<IReadOnlyList<Backend>> ListAsync(HostProcess host) =>
        (await new BackendService.BackendServiceClient(host.Channel).ListBackendsAsync(new ListBackendsRequest(), cancellationToken: TestContext.Current.CancellationToken)).Backends;
}
