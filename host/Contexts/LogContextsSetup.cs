using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using RunLogs.Host.Settings;

namespace RunLogs.Host.Contexts;

/// <summary>Puts the contexts into the host; it binds no settings.</summary>
internal static class LogContextsSetup
{
    public static IServiceCollection AddLogContexts(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<RunLogsOptions>, ContextsOptionsRules>());
        services.AddSingleton(provider => ContextDatabaseLocation.Of(provider.GetRequiredService<IOptions<RunLogsOptions>>().Value));
        services.AddSingleton<ContextDatabase>();
        services.AddSingleton<ContextMigrations>();
        services.AddSingleton<LogContextStore>();
        services.AddSingleton<AttemptContexts>();
        services.AddHealthChecks().AddCheck<ContextsHealthCheck>("contexts");
        return services;
    }

    /// <summary>Makes the database ready; to be called before the host serves.</summary>
    /// <exception cref="ContextException">With a sentence for the operator: the host must not start.</exception>
    public static Task MigrateLogContextsAsync(this IHost host, CancellationToken cancellationToken = default) =>
        host.Services.GetRequiredService<ContextMigrations>().RunAsync(cancellationToken);
}
