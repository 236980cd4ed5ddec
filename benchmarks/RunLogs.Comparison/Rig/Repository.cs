namespace RunLogs.Comparison.Rig;

/// <summary>Where the sources are that this was built of.</summary>
internal static class Repository
{
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    private static string Find(string? folder) => folder is null ? throw new InvalidOperationException($"{AppContext.BaseDirectory} lies in no copy of the repository.")
        : File.Exists(Path.Combine(folder, "RunLogs.Plugins.sln")) ? folder
        : Find(Path.GetDirectoryName(folder));
}
