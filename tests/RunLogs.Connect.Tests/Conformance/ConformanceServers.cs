using System.Collections.Concurrent;
using RunLogs.Connect.Conformance;

namespace RunLogs.Connect.Tests.Conformance;

/// <summary>One process for each protocol and HTTP version, as the runner starts them, from their first use to the end.</summary>
public sealed class ConformanceServers : IAsyncDisposable
{
    private readonly ConcurrentDictionary<(Protocol, HTTPVersion), Lazy<Task<ConformanceServer>>> _servers = new();

    internal async Task<HttpClient> ClientAsync(Protocol protocol, HTTPVersion http)
    {
        var server = await _servers.GetOrAdd((protocol, http), key => new(() => ConformanceServer.StartAsync(key.Item1, key.Item2))).Value;
        return server.Client;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers.Values)
            await (await server.Value).DisposeAsync();
    }
}
