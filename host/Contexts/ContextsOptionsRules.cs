using Microsoft.Extensions.Options;
using RunLogs.Host.Settings;

namespace RunLogs.Host.Contexts;

/// <summary>Refuses settings of the contexts that cannot work, before anything is opened.</summary>
internal sealed class ContextsOptionsRules : IValidateOptions<RunLogsOptions>
{
    private const string StoreKey = $"{RunLogsOptions.Section}:{nameof(RunLogsOptions.Contexts)}:{nameof(ContextsOptions.Store)}";

    public ValidateOptionsResult Validate(string? name, RunLogsOptions options)
    {
        var result = new ValidateOptionsResultBuilder();
        if (!options.Contexts.Store.Equals("Sqlite", StringComparison.OrdinalIgnoreCase))
        {
            result.AddError($"{StoreKey} is {Quoted.Of(options.Contexts.Store)}: this version has the store Sqlite.");
        }

        try
        {
            ContextDatabaseLocation.Of(options);
        }
        catch (ArgumentException e)
        {
            result.AddError(e.Message);
        }

        return result.Build();
    }
}
