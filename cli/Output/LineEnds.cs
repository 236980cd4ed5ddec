using RunLogs.Protos.Flyte.Logs.Dataplane;
using RunLogs.Protos.V1;

namespace RunLogs.Cli.Output;

/// <summary>Tells a part of a long line, which the next message of its container continues, from a line of a host that sends none of their ends.</summary>
internal sealed class LineEnds
{
    private bool _areSent;

    public void See(Notice notice) => _areSent |= notice.Kind == Notice.Types.Kind.LineCut;

    public bool IsPart(LogLine line)
    {
        var ends = line.Message.EndsWith('\n');
        _areSent |= ends;
        return !ends && _areSent;
    }
}
