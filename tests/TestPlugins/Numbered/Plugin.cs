using System.Globalization;
using RunLogs.Abstractions;

namespace Numbered;

/// <summary>A live backend whose containers count, 2,000 lines a second since a set time.</summary>
public sealed class Plugin : ILogStreamerPlugin
{
    public string Name => "Numbered";

    public LogSourceKind Kind => LogSourceKind.Live;

    public ILogStreamer Create(PluginContext context) => new CountingStreamer(
        long.Parse(context.Configuration["Since"]!, CultureInfo.InvariantCulture), context.Configuration["LastLineFile"]!, context.TimeProvider);
}
