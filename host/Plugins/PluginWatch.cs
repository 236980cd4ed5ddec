using System.Runtime.InteropServices;
using Microsoft.Extensions.Options;
using RunLogs.Host.Settings;

namespace RunLogs.Host.Plugins;

/// <summary>Looks at the plugin directory every <c>RunLogs:Plugins:PollInterval</c>, and at once on SIGHUP.</summary>
internal sealed class PluginWatch(PluginCatalog catalog, IOptions<RunLogsOptions> settings, TimeProvider time, ILogger<PluginWatch> logger) : BackgroundService
{
    private const string Terminal = "/dev/tty";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // With a terminal, SIGHUP says that it was closed: the host ends then.
        using var hangUp = HasTerminal() ? null : PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true;
            Look(atOnce: true);
        });
        using var timer = new PeriodicTimer(settings.Value.Plugins.PollInterval, time);
        await using var stopping = stoppingToken.Register(timer.Dispose);
        while (await timer.WaitForNextTickAsync(CancellationToken.None))
        {
            Look(atOnce: false);
        }
    }

    private void Look(bool atOnce)
    {
        try
        {
            catalog.Look(atOnce);
        }
        catch (Exception e)
        {
            // Whatever lies in the directory, what is loaded goes on.
            Log.LookFailed(logger, settings.Value.PluginDirectory, e);
        }
    }

    private static bool HasTerminal()
    {
        try
        {
            using var terminal = File.OpenHandle(Terminal);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return OperatingSystem.IsWindows();
        }
    }
}
