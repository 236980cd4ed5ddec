using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RunLogs.Host.Contexts;
using RunLogs.Host.Settings;

namespace RunLogs.Host.Tests.Contexts;

/// <summary>A host with nothing but the contexts, on a file of its own.</summary>
internal sealed class ContextsHost : IDisposable, IAsyncDisposable
{
    private readonly IHost _host;

    private ContextsHost(IHost host, WrittenLogs logs) => (_host, Logs) = (host, logs);

    public WrittenLogs Logs { get; }

    public LogContextStore Store => Get<LogContextStore>();

    public string File => ((SqliteContextDatabase)Get<IContextDatabase>()).Location.Path;

    /// <summary>Not migrated yet.</summary>
    public static ContextsHost On(string directory, Action<RunLogsOptions>? configure = null, TimeProvider? time = null)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        var logs = new WrittenLogs();
        builder.Services.AddLogging(logging => logging.ClearProviders().SetMinimumLevel(LogLevel.Debug).AddProvider(logs));
        builder.Services.Configure<RunLogsOptions>(options =>
        {
            options.DataDirectory = directory;
            configure?.Invoke(options);
        });
        builder.Services.AddSingleton(time ?? TimeProvider.System);
        builder.Services.AddLogContexts();
        return new ContextsHost(builder.Build(), logs);
    }

    public static async Task<ContextsHost> StartAsync(string directory, Action<RunLogsOptions>? configure = null, TimeProvider? time = null)
    {
        var host = On(directory, configure, time);
        await host.MigrateAsync();
        return host;
    }

    public Task MigrateAsync() => _host.MigrateLogContextsAsync();

    /// <summary>Starts what runs in the background.</summary>
    public Task RunAsync() => _host.StartAsync();

    public T Get<T>()
        where T : notnull => _host.Services.GetRequiredService<T>();

    /// <summary>A connection beside the host's own.</summary>
    public SqliteConnection OpenBeside()
    {
        var connection = new SqliteConnection($"Data Source={File};Pooling=False");
        connection.Open();
        return connection;
    }

    // What only ends asynchronously does not hinder this.
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
    }
}
