namespace RunLogs.Host.Settings;

/// <summary>Reads the names of backends from a comma-separated setting.</summary>
internal static class BackendNames
{
    public static IReadOnlyList<string> Parse(string names) =>
        [.. names.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.OrdinalIgnoreCase)];
}
