using System.CommandLine;
using Google.Protobuf;
using RunLogs.Cli.Output;
using RunLogs.Protos.V1;

namespace RunLogs.Cli.Commands;

/// <summary><c>runlogs contexts</c>: which attempts the host knows, and where they ran.</summary>
internal sealed class ContextsCommand : Command
{
    private readonly ServerOptions _servers;
    private readonly Argument<string?> _run = new("run") { Description = "Only those of [org:]project[/domain[/run]].", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<int> _limit = new("--limit") { Description = "At most so many, the newest first.", CustomParser = Numbers.Parse, DefaultValueFactory = _ => 100, HelpName = "count" };
    private readonly Option<bool> _json = new("--json") { Description = "One record a line, as JSON." };

    public ContextsCommand(ServerOptions servers)
        : base("contexts", "Lists the attempts that the host knows, and the pods they ran in, the newest first.")
    {
        _servers = servers;
        Arguments.Add(_run);
        Options.Add(_limit);
        Options.Add(_json);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult line, CancellationToken cancellationToken)
    {
        var request = RequestOf(line.GetValue(_run) ?? "");
        using var server = _servers.Of(line);
        var contexts = new LogContextService.LogContextServiceClient(server.Channel);
        var table = Tables.New("ATTEMPT", "CLUSTER", "NAMESPACE", "PODS", "STARTED", "ENDED");
        for (var left = line.GetValue(_limit); left > 0;)
        {
            request.PageSize = (uint)Math.Min(left, 1000);
            var page = await server.CallAsync(options => contexts.ListLogContextsAsync(request, options), cancellationToken);
            foreach (var record in page.Records)
            {
                if (line.GetValue(_json))
                {
                    Console.WriteLine(JsonFormatter.Default.Format(record));
                    continue;
                }

                var pods = record.LogContext?.Pods ?? [];
                table.AddTextRow(
                    Targets.Format(record.ActionId, record.Attempt),
                    record.Cluster,
                    string.Join(',', pods.Select(pod => pod.Namespace).Distinct()),
                    string.Join(',', pods.Select(pod => pod.PodName)),
                    Time(record.StartTime),
                    Time(record.EndTime));
            }

            left -= page.Records.Count;
            request.PageToken = page.NextPageToken;
            if (request.PageToken.Length == 0)
            {
                break;
            }
        }

        if (!line.GetValue(_json))
        {
            Tables.Print(table);
        }

        return ExitCode.Done;
    }

    private static ListLogContextsRequest RequestOf(string text)
    {
        var org = text.IndexOf(':', StringComparison.Ordinal) is var colon and > 0 ? text[..colon] : "";
        var parts = text[(org.Length > 0 ? org.Length + 1 : 0)..].Split('/');
        return parts.Length <= 3
            ? new ListLogContextsRequest { Org = org, Project = parts[0], Domain = parts.ElementAtOrDefault(1) ?? "", Run = parts.ElementAtOrDefault(2) ?? "" }
            : throw new Failure(ExitCode.Usage, $"'{text}' is too long: give [org:]project[/domain[/run]].");
    }

    private static string Time(Google.Protobuf.WellKnownTypes.Timestamp? time) => time is null ? "" : $"{time.ToDateTimeOffset():yyyy-MM-dd HH:mm:ss}Z";
}
