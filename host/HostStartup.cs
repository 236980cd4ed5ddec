using System.Net.Sockets;
using Microsoft.Extensions.Options;
using RunLogs.Host.Contexts;
using RunLogs.Host.Cursors;
using RunLogs.Host.Samples;
using RunLogs.Host.Settings;

namespace RunLogs.Host;

/// <summary>Builds the host and runs it; what keeps it from starting is told in sentences, without a stack trace.</summary>
internal static class HostStartup
{
    private const int CannotStart = 1;

    public static async Task<int> RunAsync(string[] args)
    {
        try
        {
            var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
            builder.Configuration.RequireLogLevels();
            builder.AddRunLogs();
            if (builder.Environment.IsDevelopment())
            {
                builder.AddSamples();
            }

            await using var app = builder.Build();
            app.RequireSettings();
            await app.MigrateLogContextsAsync();
            app.Services.GetRequiredService<CursorKeys>();
            await app.WriteSamplesAsync();
            app.MapRunLogs();
            await ListenAsync(app);
            await app.WaitForShutdownAsync();
            return 0;
        }
        catch (Exception error) when (error is SettingsFaultsException or ContextException)
        {
            return await RefuseAsync(error.Message);
        }
        catch (OptionsValidationException error)
        {
            return await RefuseAsync(string.Join(Environment.NewLine, error.Failures));
        }
        catch (InvalidDataException error)
        {
            return await RefuseAsync($"{error.Message} {error.GetBaseException().Message}");
        }
    }

    // Kestrel's faults of an address are of many types and name no setting.
    private static async Task ListenAsync(WebApplication app)
    {
        try
        {
            await app.StartAsync();
        }
        catch (OperationCanceledException) when (app.Lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // Told to stop before it listened: what follows is the shutdown.
        }
        catch (Exception error) when (error is IOException or SocketException or FormatException or ArgumentException or InvalidOperationException)
        {
            var addresses = app.Configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(endpoint => $"{endpoint.Path}:Url is '{endpoint["Url"]}'");
            throw new SettingsFaultsException(
            [
                error.Message,
                $"{string.Join(", ", addresses)}: each must be an address of this machine that no other process listens on, such as http://127.0.0.1:8090.",
            ]);
        }
    }

    private static async Task<int> RefuseAsync(string sentences)
    {
        await Console.Error.WriteLineAsync("RunLogs cannot start:");
        await Console.Error.WriteLineAsync(sentences);
        return CannotStart;
    }
}
