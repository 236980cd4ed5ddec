namespace RunLogs.Host.Settings;

/// <summary>Looks at the levels in the section <c>Logging</c>, which the framework would refuse without their keys.</summary>
internal static class LoggingInspection
{
    /// <exception cref="SettingsFaultsException">A level is none; it names every fault.</exception>
    public static void RequireLogLevels(this IConfiguration configuration)
    {
        var logging = configuration.GetSection("Logging");
        var faults = logging.GetChildren().Prepend(logging)
            .SelectMany(section => section.GetSection("LogLevel").GetChildren())
            .Where(level => !string.IsNullOrEmpty(level.Value) && !Enum.TryParse<LogLevel>(level.Value, ignoreCase: true, out _))
            .Select(level => $"{level.Path} is '{level.Value}'; it must be one of {string.Join(", ", Enum.GetNames<LogLevel>())}.")
            .ToList();
        if (faults.Count > 0)
        {
            throw new SettingsFaultsException(faults);
        }
    }
}
