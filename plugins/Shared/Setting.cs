using Microsoft.Extensions.Configuration;

namespace RunLogs.Plugins;

/// <summary>Single settings of a backend's section, with a sentence for each that is wrong.</summary>
internal static class Setting
{
    /// <summary>The text; an empty one is none.</summary>
    public static string? Text(IConfigurationSection section, string key) => section[key] is { Length: > 0 } text ? text : null;

    /// <summary>True or false, which it is without the setting.</summary>
    public static bool Flag(IConfigurationSection section, string key, List<string> faults)
    {
        if (Text(section, key) is not { } text)
            return false;

        if (!bool.TryParse(text, out var flag))
            faults.Add($"{section.Path}:{key} is \"{text}\"; it must be true or false.");

        return flag;
    }

    /// <summary>Keys of a JSON object, separated by commas.</summary>
    public static string[] Keys(IConfigurationSection section, string key, string otherwise, List<string> faults)
    {
        var keys = (Text(section, key) ?? otherwise).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (keys.Length == 0)
            faults.Add($"{section.Path}:{key} names no key; the default is {otherwise}.");

        return keys;
    }
}
