using Microsoft.AspNetCore.Connections;
using RunLogs.Host.Contexts;
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
            builder.AddRunLogs();
            if (builder.Environment.IsDevelopment())
            {
                builder.AddSamples();
            }

            await using var app = builder.Build();
            app.RequireSettings();
            await app.MigrateLogContextsAsync();
            await app.WriteSamplesAsync();
            app.MapRunLogs();
            await app.RunAsync();
            return 0;
        }
        catch (Exception error) when (error is SettingsFaultsException or ContextException)
        {
            return await RefuseAsync(error.Message);
        }
        catch (IOException error) when (error.InnerException is AddressInUseException)
        {
            return await RefuseAsync($"{error.Message} Another process listens there: end it, or set Kestrel:Endpoints:Http:Url and Kestrel:Endpoints:Grpc:Url.");
        }
    }

    private static async Task<int> RefuseAsync(string sentences)
    {
        await Console.Error.WriteLineAsync("RunLogs cannot start:");
        await Console.Error.WriteLineAsync(sentences);
        return CannotStart;
    }
}
