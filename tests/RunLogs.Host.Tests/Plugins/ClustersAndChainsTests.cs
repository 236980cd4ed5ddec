using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using RunLogs.Host.Plugins;

namespace RunLogs.Host.Tests.Plugins;

public sealed class ClustersAndChainsTests : IDisposable
{
    private readonly PluginDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Each_cluster_has_a_streamer_whose_settings_lie_over_the_common_ones()
    {
        _directory.Add("Good");

        await using var host = await CatalogHost.StartAsync(_directory.Path,
            ("RunLogs:Backends:Good:Greeting", "hi"),
            ("RunLogs:Limits:MaxLineBytes", "2048"),
            ("RunLogs:Clusters:west:Backends:Good:Greeting", "howdy"),
            ("RunLogs:Clusters:east:Chain", "Good"));

        Assert.Equal(["hi pod", "default", "2048"], await GoodPlugin.TailAsync(host.Catalog, ""));
        Assert.Equal(["howdy pod", "west", "2048"], await GoodPlugin.TailAsync(host.Catalog, "West"));
        Assert.Equal(["hi pod", "east", "2048"], await GoodPlugin.TailAsync(host.Catalog, "east"));
        Assert.Equal(["default", "east", "west"], host.Catalog.Backends.Select(backend => backend.Cluster));
    }

    [Fact]
    public async Task A_fault_on_one_cluster_leaves_the_others_in_service()
    {
        _directory.Add("Good");

        await using var host = await CatalogHost.StartAsync(_directory.Path, ("RunLogs:Clusters:west:Backends:Good:Greeting", ""));

        Assert.Null(host.Catalog.TryLease("Good", "west", out var reason));
        Assert.Equal("RunLogs:Backends:Good:Greeting is empty. RunLogs:Backends:Good:Greeting needs a word. On cluster west, RunLogs:Clusters:west:Backends:Good is laid over RunLogs:Backends:Good.", reason);
        Assert.Equal("hello pod", (await GoodPlugin.TailAsync(host.Catalog))[0]);
    }

    [Fact]
    public async Task An_unknown_cluster_is_told_how_to_become_known()
    {
        _directory.Add("Good");
        await using var host = await CatalogHost.StartAsync(_directory.Path);

        Assert.Equal(["Good"], host.Catalog.ChainOf("mars", "project"));
        Assert.Null(host.Catalog.TryLease("Good", "mars", out var reason));
        Assert.Equal("Cluster mars is not known to this host: add RunLogs:Clusters:mars, or make it RunLogs:DefaultCluster.", reason);
    }

    [Fact]
    public async Task The_default_cluster_has_settings_of_its_own_too()
    {
        _directory.Add("Good");

        await using var host = await CatalogHost.StartAsync(_directory.Path,
            ("RunLogs:DefaultCluster", "Home"), ("RunLogs:Clusters:home:Backends:Good:Greeting", "welcome"), ("RunLogs:Clusters:home:Chain", "Good,Attic"));

        Assert.Equal(["welcome pod", "Home", "262144"], await GoodPlugin.TailAsync(host.Catalog, ""));
        Assert.Equal(["Good", "Attic"], host.Catalog.ChainOf("", null));
        Assert.Single(host.Catalog.Backends);
    }

    [Fact]
    public async Task The_default_chain_is_the_active_backends()
    {
        _directory.Add("Good");
        _directory.Add("ThrowsInCreate");
        _directory.Add("DisabledByItself");

        await using var host = await CatalogHost.StartAsync(_directory.Path);

        Assert.Equal(["Good"], host.Catalog.ChainOf("default", null));
        Assert.Equal(["Good", "DisabledByItself", "ThrowsInCreate"], host.Catalog.Backends.Select(backend => backend.Name));
    }

    [Fact]
    public async Task A_project_beats_its_cluster_and_a_cluster_beats_the_host()
    {
        _directory.Add("Good");

        await using var host = await CatalogHost.StartAsync(_directory.Path,
            ("RunLogs:Chain", "A, B"), ("RunLogs:Clusters:west:Chain", "B,A"), ("RunLogs:Projects:flytesnacks:Chain", "good"));

        Assert.Equal(["A", "B"], host.Catalog.ChainOf("default", "other"));
        Assert.Equal(["A", "B"], host.Catalog.ChainOf("", null));
        Assert.Equal(["B", "A"], host.Catalog.ChainOf("west", "other"));
        Assert.Equal(["Good"], host.Catalog.ChainOf("west", "flytesnacks"));
    }

    [Theory]
    [InlineData(new[] { "Zebra:Active", "Kubernetes:Active", "Alpha:Active", "Off:Disabled" }, "Kubernetes,Alpha,Zebra")]
    [InlineData(new[] { "Alpha:Active", "Kubernetes:Malfunctioned" }, "Kubernetes,Alpha")]
    [InlineData(new[] { "Alpha:Active", "Kubernetes:Disabled" }, "Alpha")]
    [InlineData(new[] { "Alpha:Malfunctioned", "Beta:NotSupported" }, "")]
    public void Kubernetes_comes_first_unless_it_is_disabled(string[] backends, string chain)
    {
        var snapshot = new BackendSnapshot(backends.Select(backend => new Backend
        {
            Name = backend.Split(':')[0],
            Cluster = "default",
            State = Enum.Parse<BackendState>(backend.Split(':')[1]),
        }));

        Assert.Equal(chain, string.Join(',', snapshot.DefaultChainOn("default")));
    }

    [Fact]
    public async Task Settings_that_name_a_backend_no_plugin_offers_are_warned_of()
    {
        _directory.Add("Good");

        await using var host = await CatalogHost.StartAsync(_directory.Path,
            ("RunLogs:Chain", "Good, Nowhere"), ("RunLogs:Backends:Mispelt:Root", "/"), ("RunLogs:Clusters:west:Backends:Good:Greeting", "hi"), ("RunLogs:RequiredBackends", "Absent"));

        Assert.Equal(
            [
                $"NoSuchPlugin Warning RunLogs:Chain names the backend Nowhere, which no plugin in {_directory.Path} offers.",
                $"NoSuchPlugin Warning RunLogs:RequiredBackends names the backend Absent, which no plugin in {_directory.Path} offers.",
                $"NoSuchPlugin Warning RunLogs:Backends:Mispelt names the backend Mispelt, which no plugin in {_directory.Path} offers.",
            ],
            host.Logs.Of("NoSuchPlugin"));
    }

    [Theory]
    [InlineData("Good", true, null)]
    [InlineData("", true, null)]
    [InlineData("good, DisabledByItself, Absent", false, "DisabledByItself on cluster default is Disabled: RunLogs:Backends:DisabledByItself:Root is not set. RunLogs:RequiredBackends names Absent, which no plugin offers.")]
    public async Task Readiness_depends_on_the_required_backends(string required, bool ready, string? description)
    {
        _directory.Add("Good");
        _directory.Add("DisabledByItself");
        await using var host = await CatalogHost.StartAsync(_directory.Path, ("RunLogs:RequiredBackends", required));

        var report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync().WaitAsync(CatalogHost.Limit);

        var entry = report.Entries["backends"];
        Assert.Equal((ready ? HealthStatus.Healthy : HealthStatus.Unhealthy, description), (entry.Status, entry.Description));
        Assert.Equal([PluginRegistration.ReadyTag], entry.Tags);
    }
}
