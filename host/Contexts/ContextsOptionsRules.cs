using Microsoft.Extensions.Options;
using RunLogs.Host.Settings;

namespace RunLogs.Host.Contexts;

/// <summary>Refuses settings of the contexts that cannot work, before anything is opened.</summary>
internal sealed class ContextsOptionsRules : IValidateOptions<RunLogsOptions>
{
    public ValidateOptionsResult Validate(string? name, RunLogsOptions options)
    {
        var result = new ValidateOptionsResultBuilder();
        foreach (var fault in FaultsOf(options).OfType<string>())
        {
            result.AddError(fault);
        }

        return result.Build();
    }

    private static IEnumerable<string?> FaultsOf(RunLogsOptions options)
    {
        var contexts = options.Contexts;
        yield return FaultOf(() => OwnDatabase.Check(options));
        if (contexts.Store == ContextsOptions.FlyteDatabase)
        {
            yield return FaultOf(() => FlyteDatabase.LocationOf(options));
        }

        if (contexts.Store == ContextsOptions.FlyteRunService && options.Flyte.Endpoint.Length == 0)
        {
            yield return $"{FlyteOptions.EndpointKey} is empty: contexts of the store {contexts.Store} are asked for there. Set it to Flyte's address, such as http://flyte-manager:8090.";
        }

        if (contexts.Store == ContextsOptions.FlyteRunService && contexts.ConnectionString.Length > 0)
        {
            yield return $"{ContextsOptions.ConnectionStringKey} is not for the store {contexts.Store}, which asks {FlyteOptions.EndpointKey}. Leave it out, or choose another store.";
        }

        if (contexts.OwnConnectionString.Length > 0 && contexts.AreOwn)
        {
            yield return $"{ContextsOptions.OwnConnectionStringKey} is for contexts of Flyte: the store {contexts.Store} keeps everything where {ContextsOptions.ConnectionStringKey} says. Leave it out.";
        }
    }

    private static string? FaultOf(Action check)
    {
        try
        {
            check();
            return null;
        }
        catch (ArgumentException e)
        {
            return e.Message;
        }
    }
}
