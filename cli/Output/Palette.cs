using RunLogs.Protos.Flyte.Logs.Dataplane;
using Spectre.Console;

namespace RunLogs.Cli.Output;

/// <summary>The colours of containers and notices, where the terminal shows any.</summary>
internal sealed class Palette(ColorUse use, TextWriter output)
{
    private static readonly Color[] Colors = [Color.Teal, Color.Green, Color.Olive, Color.Purple, Color.Navy, Color.Aqua, Color.Lime, Color.Fuchsia];

    private readonly Dictionary<ContainerIdentifier, string> _prefixes = [];
    private readonly ColorSystem _colors = ColorsOf(use, output);

    /// <summary>What stands before each line of a container, in its colour.</summary>
    public string Prefix(ContainerIdentifier container)
    {
        if (!_prefixes.TryGetValue(container, out var prefix))
        {
            prefix = Render($"[{container.KubernetesPodName}/{container.KubernetesContainerName}] ", new Style(Colors[_prefixes.Count % Colors.Length]));
            _prefixes.Add(container, prefix);
        }

        return prefix;
    }

    public string Faint(string text) => Render(text, new Style(decoration: Decoration.Dim));

    // Auto asks Spectre.Console, which knows terminals, and NO_COLOR.
    private static ColorSystem ColorsOf(ColorUse use, TextWriter output) => use switch
    {
        ColorUse.Always => ColorSystem.Standard,
        ColorUse.Never => ColorSystem.NoColors,
        _ => AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) }).Profile.Capabilities is { Ansi: true, ColorSystem: not ColorSystem.NoColors } terminal
            ? terminal.ColorSystem
            : ColorSystem.NoColors,
    };

    private string Render(string text, Style style)
    {
        if (_colors == ColorSystem.NoColors)
        {
            return text;
        }

        using var rendered = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.Yes, ColorSystem = (ColorSystemSupport)_colors, Out = new AnsiConsoleOutput(rendered) });
        console.Profile.Width = int.MaxValue;
        console.Write(new Text(text, style));
        return rendered.ToString();
    }
}
