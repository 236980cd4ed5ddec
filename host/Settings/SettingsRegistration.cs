using Microsoft.Extensions.Options;

namespace RunLogs.Host.Settings;

/// <summary>Adds the settings to a host.</summary>
internal static class SettingsRegistration
{
    /// <summary>Makes <see cref="RunLogsOptions"/> available; a host with wrong settings does not start.</summary>
    public static IHostApplicationBuilder AddRunLogsSettings(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<IConfigureOptions<RunLogsOptions>, RunLogsSettings>();
        builder.Services.AddOptions<RunLogsOptions>().ValidateOnStart();
        return builder;
    }

    /// <summary>Reads the settings now.</summary>
    /// <exception cref="SettingsFaultsException">They are wrong; it names every fault.</exception>
    public static RunLogsOptions RequireSettings(this IHost host) => host.Services.GetRequiredService<IOptions<RunLogsOptions>>().Value;
}
