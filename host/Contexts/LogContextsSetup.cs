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
        services.AddSingleton(provider => OwnDatabase.Open(OptionsOf(provider), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILoggerFactory>()));
        services.AddSingleton<LogContextStore>();
        services.AddSingleton<RecordedFacts>();
        services.AddSingleton<FactsRecorder>();
        services.AddHostedService(provider => provider.GetRequiredService<FactsRecorder>());
        services.AddHttpContextAccessor();
        services.AddSingleton<ActionUpdates>();
        services.AddHostedService<FlyteNotifications>();
        services.AddSingleton(SourceOf);
        services.AddSingleton<AttemptContexts>();
        services.AddHealthChecks().AddCheck<ContextsHealthCheck>("contexts");
        return services;
    }

    /// <summary>Makes the database ready; to be called before the host serves.</summary>
    /// <exception cref="ContextException">With a sentence for the operator: the host must not start.</exception>
    public static Task MigrateLogContextsAsync(this IHost host, CancellationToken cancellationToken = default) =>
        host.Services.GetRequiredService<IContextDatabase>().MigrateAsync(cancellationToken);

    private static ILogContextSource SourceOf(IServiceProvider provider) => OptionsOf(provider).Contexts.Store switch
    {
        ContextsOptions.FlyteDatabase => ActivatorUtilities.CreateInstance<FlyteContexts>(provider, ActivatorUtilities.CreateInstance<FlyteDatabase>(provider)),
        ContextsOptions.FlyteRunService => ActivatorUtilities.CreateInstance<FlyteContexts>(provider, new FlyteRunService(ActivatorUtilities.CreateInstance<FlyteCalls>(provider))),
        _ => provider.GetRequiredService<LogContextStore>(),
    };

    private static RunLogsOptions OptionsOf(IServiceProvider provider) => provider.GetRequiredService<IOptions<RunLogsOptions>>().Value;
}
