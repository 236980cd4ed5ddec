using Microsoft.Extensions.Options;

namespace RunLogs.Host.Settings;

/// <summary>Reads the section <c>RunLogs</c>, or refuses it with every fault at once.</summary>
internal sealed class RunLogsSettings(IConfiguration configuration) : IConfigureOptions<RunLogsOptions>
{
    public void Configure(RunLogsOptions options)
    {
        var section = configuration.GetSection(RunLogsOptions.Section);
        var faults = SettingsInspection.FaultsOf(section, typeof(RunLogsOptions));
        if (faults.Count > 0)
        {
            throw new SettingsFaultsException(faults);
        }

        section.Bind(options);
        options.DataDirectory = BesideTheHost(options.DataDirectory);
        options.PluginDirectory = BesideTheHost(options.PluginDirectory);
    }

    private static string BesideTheHost(string directory) => Path.GetFullPath(directory, AppContext.BaseDirectory);
}
