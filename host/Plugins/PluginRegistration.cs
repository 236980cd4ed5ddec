using Microsoft.Extensions.DependencyInjection.Extensions;
using RunLogs.Host.Tailing;

namespace RunLogs.Host.Plugins;

/// <summary>Adds the plugin catalog to a host.</summary>
internal static class PluginRegistration
{
    /// <summary>Health checks of this tag decide whether the host is ready.</summary>
    public const string ReadyTag = "ready";

    public static IServiceCollection AddPlugins(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<PluginActivator>();
        services.AddSingleton<PluginDirectory>();
        services.AddSingleton<PluginFolders>();
        services.AddSingleton<PluginDrain>();
        services.AddSingleton<PluginCatalog>();
        services.AddSingleton<IBackends>(provider => provider.GetRequiredService<PluginCatalog>());
        services.AddHostedService(provider => provider.GetRequiredService<PluginCatalog>());
        services.AddHostedService<PluginWatch>();
        services.AddHealthChecks().AddCheck<PluginsHealthCheck>("backends", tags: [ReadyTag]);
        return services;
    }
}
