using System.ComponentModel.DataAnnotations;

namespace RunLogs.Host.Settings;

/// <summary>The section <c>RunLogs:Contexts</c>: where attempts' log contexts come from.</summary>
internal sealed class ContextsOptions
{
    public const string Sqlite = "Sqlite";
    public const string Postgres = "Postgres";
    public const string FlyteDatabase = "FlyteDatabase";
    public const string FlyteRunService = "FlyteRunService";
    public const string ConnectionStringKey = $"{SectionKey}:{nameof(ConnectionString)}";
    public const string OwnConnectionStringKey = $"{SectionKey}:{nameof(OwnConnectionString)}";
    private const string SectionKey = $"{RunLogsOptions.Section}:{nameof(RunLogsOptions.Contexts)}";

    [AllowedValues(Sqlite, Postgres, FlyteDatabase, FlyteRunService, ErrorMessage = $"must be {Sqlite}, {Postgres}, {FlyteDatabase} or {FlyteRunService}")]
    public string Store { get; set; } = Sqlite;

    /// <summary>Empty for SQLite's file in the data directory.</summary>
    [Secret]
    public string ConnectionString { get; set; } = "";

    /// <summary>How long a follow waits for an attempt of Flyte to get a pod.</summary>
    [Duration]
    public TimeSpan WaitForStart { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>RunLogs' own PostgreSQL beside Flyte's contexts; empty for SQLite in the data directory.</summary>
    [Secret]
    public string OwnConnectionString { get; set; } = "";

    /// <summary>Whether contexts are put here, not looked up at a Flyte.</summary>
    internal bool AreOwn => Store is Sqlite or Postgres;
}
