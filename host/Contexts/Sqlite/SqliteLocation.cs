using Microsoft.Data.Sqlite;
using RunLogs.Host.Settings;

namespace RunLogs.Host.Contexts;

/// <summary>Where the settings put the SQLite file of the contexts.</summary>
/// <param name="Path">The file, absolute.</param>
/// <param name="ConnectionString">What opens it; it must exist then.</param>
/// <param name="Patience">How long a call waits for others.</param>
/// <param name="Key">The setting to change when the file cannot be used.</param>
internal sealed record SqliteLocation(string Path, string ConnectionString, TimeSpan Patience, string Key)
{
    private const string DataDirectoryKey = $"{RunLogsOptions.Section}:{nameof(RunLogsOptions.DataDirectory)}";
    private const string FileName = "runlogs.db";
    private const int DefaultSeconds = 5;
    private const int MaxSeconds = 60;

    /// <exception cref="ArgumentException">With a sentence that names the setting and repeats no secret of it.</exception>
    public static SqliteLocation Of(RunLogsOptions options)
    {
        // Beside contexts of Flyte the connection string is Flyte's: the file is in the data directory.
        var connectionString = options.Contexts.Store == ContextsOptions.Sqlite ? options.Contexts.ConnectionString : "";
        var builder = Parse(connectionString);
        var given = connectionString.Length > 0;
        if (!given)
        {
            builder.DataSource = System.IO.Path.Combine(options.DataDirectory, FileName);
        }
        else if (builder.DataSource is "" or [':', ..] || builder.Mode == SqliteOpenMode.Memory || builder.DataSource.StartsWith("file:", StringComparison.OrdinalIgnoreCase))
        {
            throw new ArgumentException($"{ContextsOptions.ConnectionStringKey} names no file: give it as \"Data Source=<path>\".");
        }

        // Whatever the working directory, relative paths begin beside the host.
        builder.DataSource = System.IO.Path.GetFullPath(System.IO.Path.Combine(AppContext.BaseDirectory, builder.DataSource));
        builder.Mode = SqliteOpenMode.ReadWrite;
        builder.ForeignKeys = true;
        builder.DefaultTimeout = builder.ShouldSerialize("Default Timeout") ? Math.Clamp(builder.DefaultTimeout, 1, MaxSeconds) : DefaultSeconds;
        return new SqliteLocation(builder.DataSource, builder.ConnectionString, TimeSpan.FromSeconds(builder.DefaultTimeout), given ? ContextsOptions.ConnectionStringKey : DataDirectoryKey);
    }

    private static SqliteConnectionStringBuilder Parse(string connectionString)
    {
        try
        {
            return new SqliteConnectionStringBuilder(connectionString);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or InvalidCastException or OverflowException)
        {
            throw new ArgumentException($"{ContextsOptions.ConnectionStringKey} is not a connection string of SQLite: give it as \"Data Source=<path>\".");
        }
    }
}
