using System.CommandLine;
using System.Text;
using RunLogs.Cli.Output;
using RunLogs.Cli.Tailing;
using RunLogs.Protos.Flyte.Logs.Dataplane;
using RunLogs.Protos.V1;
using Timestamp = Google.Protobuf.WellKnownTypes.Timestamp;

namespace RunLogs.Cli.Commands;

/// <summary><c>runlogs tail</c>: prints the log of an attempt or of a pod.</summary>
internal sealed class TailCommand : Command
{
    private readonly ServerOptions _server;
    private readonly Argument<string?> _attempt = new("attempt")
    {
        Description = $"The attempt, as {Targets.AttemptForm}: action a0 and the latest attempt unless they are named.",
        Arity = ArgumentArity.ZeroOrOne,
    };
    private readonly Option<string?> _pod = new("--pod") { Description = "A pod instead of an attempt.", HelpName = Targets.PodForm };
    private readonly Option<string> _cluster = new("--cluster") { Description = "The pod's cluster, if not the default one.", HelpName = "name" };
    private readonly Option<string> _uid = new("--uid") { Description = "The pod's UID, to refuse another pod of its name.", HelpName = "uid" };
    private readonly Option<string[]> _containers = new("--container", "-c") { Description = "A container, init containers and sidecars too; may be repeated. Without it the primary one, or the only one of a pod.", HelpName = "name" };
    private readonly Option<bool> _allPods = new("--all-pods") { Description = "Every pod of the attempt, merged by time." };
    private readonly Option<bool> _previous = new("--previous", "-p") { Description = "The container's instance before the current one." };
    private readonly Option<bool> _follow = new("--follow", "-f") { Description = "Go on for as long as the container can still write." };
    private readonly Option<int?> _tail = new("--tail") { CustomParser = text => Numbers.Parse(text), Description = "Only the last lines, so many of each container.", HelpName = "lines" };
    private readonly Option<Timestamp?> _since = new("--since") { Description = $"Lines from then on: {Moments.Form}.", HelpName = "moment", CustomParser = Moments.Parse };
    private readonly Option<Timestamp?> _until = new("--until") { Description = "Lines before then.", HelpName = "moment", CustomParser = Moments.Parse };
    private readonly Option<string> _source = new("--source") { Description = "Where to look: all (live first), live, or archives.", DefaultValueFactory = _ => "all" };
    private readonly Option<string?> _grep = new("--grep") { Description = "Only lines with this text; case matters.", HelpName = "text" };
    private readonly Option<string?> _regex = new("--regex") { Description = "Only lines that match, in .NET's syntax without look-around.", HelpName = "pattern" };
    private readonly Option<bool> _timestamps = new("--timestamps", "-t") { Description = "Begin each line with its time." };
    private readonly Option<string> _output = new("--output", "-o") { Description = "text, json (one object a line), or raw (the lines' own text and nothing else).", DefaultValueFactory = _ => "text" };
    private readonly Option<string> _color = new("--color") { Description = "When to colour containers; NO_COLOR is respected.", DefaultValueFactory = _ => "auto" };
    private readonly Option<FileInfo?> _resume = new("--resume") { Description = "Go on where the call before left this file, and keep the place there.", HelpName = "file" };
    private readonly Option<int> _retry = new("--retry") { Description = "For how many seconds a lost stream is asked for again.", CustomParser = Numbers.Parse, DefaultValueFactory = _ => 300, HelpName = "seconds" };

    public TailCommand(ServerOptions server)
        : base("tail", "Prints the log of an attempt or of a pod, from whichever backend has it.")
    {
        _server = server;
        _source.AcceptOnlyFromAmong("all", "live", "archives");
        _output.AcceptOnlyFromAmong("text", "json", "raw");
        _color.AcceptOnlyFromAmong("auto", "always", "never");
        Arguments.Add(_attempt);
        Option[] options =
        [
            _follow, _tail, _since, _until, _containers, _allPods, _previous, _pod, _cluster, _uid, _source, _grep, _regex, _timestamps, _output, _color, _resume, _retry,
        ];
        foreach (var option in options)
        {
            Options.Add(option);
        }

        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult line, CancellationToken cancellationToken)
    {
        var request = RequestOf(line);
        var file = line.GetValue(_resume) is { } path ? new CursorFile(path) : null;
        request.Cursor = file?.Read() ?? "";
        using var server = _server.Of(line);
        await using var stdout = Console.OpenStandardOutput();
        await using var buffered = new BufferedStream(stdout, 64 * 1024);
        await using var text = new StreamWriter(buffered, new UTF8Encoding(false), 16 * 1024, leaveOpen: true) { AutoFlush = false };
        var isMerged = request.AllPods || request.Containers.Count > 1;
        var palette = new Palette(Enum.Parse<ColorUse>(line.GetValue(_color)!, ignoreCase: true), Console.Out);
        using var json = new JsonOutput(buffered);
        ILogOutput output = line.GetValue(_output) switch
        {
            "json" => json,
            "raw" => new RawOutput(text, Console.Error),
            _ => new TextOutput(text, Console.Error, palette, isMerged, line.GetValue(_timestamps)),
        };
        var pace = new RetryPace(TimeSpan.FromSeconds(line.GetValue(_retry)), TimeProvider.System);
        return await new LogPrinter(server, request, output, Console.Error, pace, file).PrintAsync(cancellationToken);
    }

    private TailLogsRequest RequestOf(ParseResult line)
    {
        var request = new TailLogsRequest
        {
            Containers = { line.GetValue(_containers) ?? [] },
            AllPods = line.GetValue(_allPods),
            Previous = line.GetValue(_previous),
            Follow = line.GetValue(_follow) ? Follow.Auto : Follow.Never,
            Since = line.GetValue(_since),
            Until = line.GetValue(_until),
            Source = line.GetValue(_source) switch { "live" => LogsSource.LiveOnly, "archives" => LogsSource.PersistedOnly, _ => LogsSource.LiveOrPersisted },
        };
        if (line.GetValue(_tail) is { } tail)
        {
            request.Tail = (ulong)tail;
        }

        SetTarget(request, line);
        SetFilter(request, line);
        return request;
    }

    private void SetTarget(TailLogsRequest request, ParseResult line)
    {
        switch (line.GetValue(_attempt), line.GetValue(_pod))
        {
            case ({ } attempt, null):
                request.Attempt = Targets.ParseAttempt(attempt) ?? throw new Failure(ExitCode.Usage, $"'{attempt}' is no attempt: give {Targets.AttemptForm}.");
                break;
            case (null, { } pod):
                request.Pod = Targets.ParsePod(pod) ?? throw new Failure(ExitCode.Usage, $"'{pod}' is no pod: give {Targets.PodForm}.");
                request.Pod.Cluster = line.GetValue(_cluster) ?? "";
                request.Pod.Uid = line.GetValue(_uid) ?? "";
                break;
            default:
                throw new Failure(ExitCode.Usage, $"Name an attempt ({Targets.AttemptForm}) or --pod {Targets.PodForm}, one of the two.");
        }
    }

    private void SetFilter(TailLogsRequest request, ParseResult line)
    {
        switch (line.GetValue(_grep), line.GetValue(_regex))
        {
            case ({ } text, null):
                request.Contains = text;
                break;
            case (null, { } pattern):
                request.Regex = pattern;
                break;
            case (not null, not null):
                throw new Failure(ExitCode.Usage, "Give --grep or --regex, one of the two.");
        }
    }
}
