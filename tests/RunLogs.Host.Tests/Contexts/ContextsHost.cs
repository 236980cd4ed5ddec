using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RunLogs.Host.Contexts;
using RunLogs.Host.Settings;

namespace RunLogs.Host.Tests.Contexts;

/// <summary>A host with nothing but the contexts, on a file of its own.</summary>
internal sealed class ContextsHost : IDisposable
{
    private readonly IHost _host;

    private ContextsHost(IHost host) => _host = host;

    public LogContextStore Store => Get<LogContextStore>();

    public string File => Get<ContextDatabaseLocation>().Path;

    /// <summary>Not migrated yet.</summary>
    public static ContextsHost On(string directory, Action<RunLogsOptions>? configure = null)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddLogging(logging => logging.ClearProviders());
        builder.Services.Configure<RunLogsOptions>(options =>
        {
            options.DataDirectory = directory;
            configure?.Invoke(options);
        });
        builder.Services.AddLogContexts();
        return new ContextsHost(builder.Build());
    }

    public static async Task<ContextsHost> StartAsync(string directory, Action<RunLogsOptions>? configure = null)
    {
        var host = On(directory, configure);
        await host.MigrateAsync();
        return host;
    }

    public Task MigrateAsync() => _host.MigrateLogContextsAsync();

    public T Get<T>()
        where T : notnull => _host.Services.GetRequiredService<T>();

    /// <summary>A connection beside the host's own.</summary>
    public SqliteConnection OpenBeside()
    {
        var connection = new SqliteConnection($"Data Source={File};Pooling=False");
        connection.Open();
        return connection;
    }

    public void Dispose() => _host.Dispose();
}
