using System.CommandLine;
using Google.Protobuf;
using RunLogs.Cli.Output;
using RunLogs.Protos.V1;
using Spectre.Console;

namespace RunLogs.Cli.Commands;

/// <summary><c>runlogs backends</c>: the log backends of the host and their states.</summary>
internal sealed class BackendsCommand : Command
{
    public BackendsCommand(ServerOptions servers)
        : base("backends", "Lists the log backends of the host, in the order in which they are asked.")
    {
        var json = new Option<bool>("--json") { Description = "The host's answer as JSON." };
        Options.Add(json);
        SetAction(async (line, cancellationToken) =>
        {
            using var server = servers.Of(line);
            var answer = await server.CallAsync(options => new BackendService.BackendServiceClient(server.Channel).ListBackendsAsync(new ListBackendsRequest(), options), cancellationToken);
            if (line.GetValue(json))
            {
                Console.WriteLine(JsonFormatter.Default.Format(answer));
                return ExitCode.Done;
            }

            var table = Tables.New("BACKEND", "CLUSTER", "STATE", "VERSION", "GENERATION", "OPEN TAILS", "REASON");
            foreach (var backend in answer.Backends)
            {
                table.AddTextRow(backend.Name, backend.Cluster, $"{backend.State}", backend.Version, $"{backend.Generation}", $"{backend.OpenTails}", backend.Reason);
            }

            Tables.Print(table);
            return ExitCode.Done;
        });
    }
}
