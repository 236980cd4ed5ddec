using RunLogs.Protos.V1;

namespace RunLogs.Cli.Output;

/// <summary>The lines' own text and nothing else, for another program; notices go to the standard error.</summary>
internal sealed class RawOutput(TextWriter lines, TextWriter notices) : ILogOutput
{
    private readonly LineEnds _ends = new();

    public void Write(TailLogsResponse.Types.Logs logs)
    {
        foreach (var line in logs.Lines)
        {
            lines.Write(line.Message);
            if (!_ends.IsPart(line) && !line.Message.EndsWith('\n'))
            {
                lines.Write('\n');
            }
        }
    }

    public void Write(Notice notice)
    {
        _ends.See(notice);
        notices.WriteLine($"runlogs: {notice.Message}");
    }

    public void Write(Closing closing, string cursor)
    {
    }

    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        await lines.FlushAsync(cancellationToken);
        await notices.FlushAsync(cancellationToken);
    }
}
