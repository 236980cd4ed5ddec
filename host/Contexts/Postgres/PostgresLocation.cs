using Npgsql;

namespace RunLogs.Host.Contexts;

/// <summary>A PostgreSQL database as a setting names it.</summary>
/// <param name="ConnectionString">What opens it: a secret.</param>
/// <param name="Database">The database's name.</param>
/// <param name="Host">The server it is on.</param>
/// <param name="Key">The setting it came from.</param>
internal sealed record PostgresLocation(string ConnectionString, string Database, string Host, string Key)
{
    private const int DefaultSeconds = 5;
    private const int MaxSeconds = 60;
    private const int DefaultConnections = 10; // several replicas share what the server allows

    /// <exception cref="ArgumentException">With a sentence that names the setting and repeats no secret of it.</exception>
    public static PostgresLocation Of(string connectionString, string key)
    {
        var builder = Parse(connectionString, key);
        if (string.IsNullOrEmpty(builder.Host) || string.IsNullOrEmpty(builder.Database))
        {
            throw new ArgumentException($"{key} names no {(string.IsNullOrEmpty(builder.Host) ? "server" : "database")}: {Form}");
        }

        builder.ApplicationName ??= "RunLogs";
        builder.MaxPoolSize = builder.ShouldSerialize("Maximum Pool Size") ? builder.MaxPoolSize : DefaultConnections;
        builder.Timeout = builder.ShouldSerialize("Timeout") ? Math.Clamp(builder.Timeout, 1, MaxSeconds) : DefaultSeconds;
        builder.CommandTimeout = builder.ShouldSerialize("Command Timeout") ? Math.Clamp(builder.CommandTimeout, 1, MaxSeconds) : DefaultSeconds;
        builder.PersistSecurityInfo = false;
        builder.IncludeErrorDetail = false;
        builder.LogParameters = false;
        return new PostgresLocation(builder.ConnectionString, builder.Database, builder.Host, key);
    }

    /// <summary>Without what is secret.</summary>
    public override string ToString() => $"{Database} on {Host}";

    private static string Form => "give it as \"Host=<server>;Database=<name>;Username=<role>;Password=<password>\".";

    private static NpgsqlConnectionStringBuilder Parse(string connectionString, string key)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(connectionString);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or InvalidCastException or OverflowException or NotSupportedException)
        {
            throw new ArgumentException($"{key} is not a connection string of PostgreSQL: {Form}");
        }
    }
}
