using RunLogs.Testing;
using RunLogs.Testing.CloudWatch;

namespace RunLogs.Plugins.CloudWatch.Tests;

/// <summary>One moto_server for all tests of a class; its clock stands where the tests' does.</summary>
public sealed class TestClockMoto : IAsyncLifetime
{
    private MotoServer? _server;

    internal MotoServer Server => _server!;

    internal string Profile => $"moto-{Server.AccessKey}";

    public async ValueTask InitializeAsync()
    {
        if (!MotoServer.IsThere)
            return;

        _server = await MotoServer.StartAsync(Some.Now, Surroundings.UsersHome);
        Surroundings.AddProfile(Profile, Server.AccessKey, Server.SecretKey, null);
        Surroundings.AddProfile(Profile + "-wrong", Server.AccessKey, "wrong", null);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
    }
}
