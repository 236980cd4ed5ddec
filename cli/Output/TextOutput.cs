using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using RunLogs.Protos.Flyte.Logs.Dataplane;
using RunLogs.Protos.V1;

namespace RunLogs.Cli.Output;

/// <summary>Lines as they are; what RunLogs has to say itself goes to the standard error.</summary>
internal sealed class TextOutput(TextWriter lines, TextWriter notices, Palette palette, bool showsContainers, bool showsTimes) : ILogOutput
{
    private readonly LineEnds _ends = new();
    private ContainerIdentifier? _open;

    public void Write(TailLogsResponse.Types.Logs logs)
    {
        foreach (var line in logs.Lines)
        {
            WriteLine(line, logs.Container);
        }
    }

    public void Write(Notice notice)
    {
        _ends.See(notice);
        notices.WriteLine(palette.Faint($"runlogs: {notice.Message}"));
    }

    public void Write(Closing closing, string cursor)
    {
    }

    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        await lines.FlushAsync(cancellationToken);
        await notices.FlushAsync(cancellationToken);
    }

    private void WriteLine(LogLine line, ContainerIdentifier container)
    {
        var isPart = _ends.IsPart(line);
        if (_open is not null && !_open.Equals(container))
        {
            lines.Write('\n');
            _open = null;
        }

        if (_open is null)
        {
            WriteHead(line, container);
        }

        var text = line.Message.AsSpan();
        text = text.EndsWith('\n') ? text[..^1] : text;
        if (line.Originator == LogLineOriginator.System)
        {
            lines.Write(palette.Faint(text.ToString()));
        }
        else
        {
            lines.Write(text);
        }

        _open = isPart ? container : null;
        if (!isPart)
        {
            lines.Write('\n');
        }
    }

    private void WriteHead(LogLine line, ContainerIdentifier container)
    {
        if (showsContainers)
        {
            lines.Write(palette.Prefix(container));
        }

        if (showsTimes && line.Timestamp is { } time)
        {
            lines.Write(Format(time));
            lines.Write(' ');
        }
    }

    /// <summary>A time with all its nanoseconds, as <c>kubectl logs --timestamps</c> writes it.</summary>
    public static string Format(Timestamp time) =>
        string.Create(CultureInfo.InvariantCulture, $"{DateTimeOffset.FromUnixTimeSeconds(time.Seconds).UtcDateTime:yyyy-MM-dd'T'HH:mm:ss}.{time.Nanos:000000000}Z");
}
