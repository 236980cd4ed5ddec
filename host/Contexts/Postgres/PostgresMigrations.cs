using System.Data.Common;
using Dapper;
using Npgsql;

namespace RunLogs.Host.Contexts;

/// <summary>Brings a PostgreSQL database to this version's schema: all of it or nothing, one replica after the other.</summary>
internal static class PostgresMigrations
{
    private const string ScriptPrefix = "Contexts/Postgres/Migrations/";

    // Any number does, as long as it is never another.
    private const long Lock = 0x52756E4C6F6773;

    // Another replica may be at it, and an index of a large table takes longer than any call.
    private const int PatienceSeconds = 600;

    /// <summary>The scripts that were missing, by name.</summary>
    public static async Task<IReadOnlyList<string>> RunAsync(NpgsqlConnection connection, DbTransaction transaction, CancellationToken cancellationToken)
    {
        Task<int> ExecuteAsync(string sql, object? parameters = null) => connection.ExecuteAsync(new CommandDefinition(sql, parameters, transaction, PatienceSeconds, cancellationToken: cancellationToken));
        await ExecuteAsync("SELECT pg_advisory_xact_lock(@Lock)", new { Lock });
        await ExecuteAsync("CREATE TABLE IF NOT EXISTS runlogs_schema_versions (script text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())");
        var applied = (await connection.QueryAsync<string>(new CommandDefinition("SELECT script FROM runlogs_schema_versions", null, transaction, cancellationToken: cancellationToken))).ToHashSet();
        var assembly = typeof(PostgresMigrations).Assembly;
        string[] missing = [.. assembly.GetManifestResourceNames().Where(name => name.StartsWith(ScriptPrefix, StringComparison.Ordinal) && !applied.Contains(name)).Order(StringComparer.Ordinal)];
        foreach (var name in missing)
        {
            using var script = new StreamReader(assembly.GetManifestResourceStream(name)!);
            await ExecuteAsync(await script.ReadToEndAsync(cancellationToken));
            await ExecuteAsync("INSERT INTO runlogs_schema_versions (script) VALUES (@name)", new { name });
        }

        return missing;
    }
}
