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

    public static async Task<CatalogHost> StartAsync(string plugins, params (string Key, string? Value)[] settings)
    {
        var logs = new CollectedLogs();
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection([
            new("RunLogs:PluginDirectory", plugins),
            .. settings.Select(setting => KeyValuePair.Create(setting.Key, setting.Value))]);
        builder.Logging.AddProvider(logs);
        builder.AddRunLogsSettings();
        builder.Services.AddPlugins();
        var host = builder.Build();
        await host.StartAsync().WaitAsync(Limit);
        return new CatalogHost(host, logs);
    }

    /// <summary>The only backend of that name.</summary>
    public Backend Backend(string name) => Assert.Single(Catalog.Backends, backend => backend.Name == name);

    public Task StopAsync() => _host.StopAsync().WaitAsync(Limit);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _host.Dispose();
    }
}
