using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RunLogs.Host.Plugins;
using RunLogs.Host.Settings;

namespace RunLogs.Host.Tests.Plugins;

/// <summary>A host with settings and the plugin catalog, and nothing else.</summary>
internal sealed class CatalogHost : IAsyncDisposable
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly IHost _host;

    private CatalogHost(IHost host, CollectedLogs logs) => (_host, Logs) = (host, logs);

    public CollectedLogs Logs { get; }

    public PluginCatalog Catalog => _host.Services.GetRequiredService<PluginCatalog>();

    public IServiceProvider Services => _host.Services;

    public static Task<CatalogHost> StartAsync(string plugins, params (string Key, string? Value)[] settings) => StartAsync(plugins, TimeProvider.System, settings);

    public static async Task<CatalogHost> StartAsync(string plugins, TimeProvider time, params (string Key, string? Value)[] settings)
    {
        var logs = new CollectedLogs();
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection([
            new("RunLogs:PluginDirectory", plugins),
            .. settings.Select(setting => KeyValuePair.Create(setting.Key, setting.Value))]);
        builder.Logging.AddProvider(logs);
        builder.AddRunLogsSettings();
        builder.Services.AddSingleton(time);
        builder.Services.AddPlugins();
        var host = builder.Build();
        await host.StartAsync().WaitAsync(Limit);
        return new CatalogHost(host, logs);
    }

    /// <summary>Two looks at the plugin directory: what has settled is loaded.</summary>
    public void Look()
    {
        Catalog.Look(atOnce: false);
        Catalog.Look(atOnce: false);
    }

    /// <summary>Changes a setting while the host runs.</summary>
    public void Set(string key, string value) => Services.GetRequiredService<IConfiguration>()[key] = value;

    /// <summary>The only backend of that name.</summary>
    public Backend Backend(string name) => Assert.Single(Catalog.Backends, backend => backend.Name == name);

    /// <summary>Completes when the tail of a lease is asked to leave.</summary>
    public static async Task AskedToLeaveAsync(PluginLease lease)
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = lease.Replaced.Register(asked.SetResult);
        await asked.Task.WaitAsync(Limit);
    }

    public Task StopAsync() => _host.StopAsync().WaitAsync(Limit);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _host.Dispose();
    }
}
