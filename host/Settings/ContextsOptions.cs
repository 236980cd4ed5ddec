using System.ComponentModel.DataAnnotations;

namespace RunLogs.Host.Settings;

/// <summary>The section <c>RunLogs:Contexts</c>: where attempts' log contexts are kept.</summary>
internal sealed class ContextsOptions
{
    [AllowedValues("Sqlite", ErrorMessage = "must be Sqlite")]
    public string Store { get; set; } = "Sqlite";

    /// <summary>Empty for a file in the data directory.</summary>
    public string ConnectionString { get; set; } = "";
}
