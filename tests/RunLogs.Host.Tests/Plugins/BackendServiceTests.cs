using Microsoft.Extensions.DependencyInjection;
using RunLogs.Host.Api;
using RunLogs.Protos.V1;
using State = RunLogs.Protos.V1.Backend.Types.State;

namespace RunLogs.Host.Tests.Plugins;

public sealed class BackendServiceTests : IDisposable
{
    private readonly PluginDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Backends_are_listed_in_the_order_of_the_chain_then_by_name()
    {
        _directory.Add("Good");
        _directory.Add("BuiltOnNewerAbstractions");
        _directory.AddEmpty("Empty");
        await using var host = await CatalogHost.StartAsync(_directory.Path,
            ("RunLogs:Chain", "Good"), ("RunLogs:RequiredBackends", "Good"), ("RunLogs:Clusters:west:Backends:Good:Enabled", "false"));
        using var lease = host.Catalog.TryLease("Good", "default", out _);
        var service = ActivatorUtilities.CreateInstance<RunLogs.Host.Api.BackendService>(host.Services);

        var response = await service.ListBackends(new ListBackendsRequest(), context: null!).WaitAsync(CatalogHost.Limit);

        var refusal = "Plugin BuiltOnNewerAbstractions needs RunLogs.Abstractions 1.9, this host has 1.1.";
        var empty = "The folder of plugin Empty holds no *.deps.json: build it with EnableDynamicLoading and copy all of its output.";
        Assert.Equal(
            [
                new Backend { Name = "Good", State = State.Active, Version = "0.1.0", AbstractionsVersion = "1.1", Generation = 1, OpenTails = 1, Required = true },
                new Backend { Name = "Good", State = State.Disabled, Reason = "RunLogs:Backends:Good:Enabled is false.", Version = "0.1.0", AbstractionsVersion = "1.1", Required = true, Cluster = "west" },
                new Backend { Name = "BuiltOnNewerAbstractions", State = State.NotSupported, Reason = refusal, Version = "0.1.0", AbstractionsVersion = "1.9" },
                new Backend { Name = "BuiltOnNewerAbstractions", State = State.NotSupported, Reason = refusal, Version = "0.1.0", AbstractionsVersion = "1.9", Cluster = "west" },
                new Backend { Name = "Empty", State = State.Malfunctioned, Reason = empty },
                new Backend { Name = "Empty", State = State.Malfunctioned, Reason = empty, Cluster = "west" },
            ],
            response.Backends);
    }
}
