using System.CommandLine;
using Grpc.Core;
using RunLogs.Cli;
using RunLogs.Cli.Commands;

var server = new ServerOptions();
var root = new RootCommand("Shows the logs of runs on Kubernetes, wherever they are: while the pod runs and after it is gone.")
{
    new TailCommand(server),
    new ContextsCommand(server),
    new BackendsCommand(server),
};
server.AddTo(root);

var line = root.Parse(args);
if (line.Errors.Count > 0)
{
    foreach (var error in line.Errors)
    {
        Console.Error.WriteLine($"runlogs: {error.Message}");
    }

    Console.Error.WriteLine("'runlogs --help' and 'runlogs <command> --help' tell what there is.");
    return ExitCode.Usage;
}

try
{
    return await line.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (OperationCanceledException)
{
    return ExitCode.Interrupted;
}
catch (RpcException cancelled) when (cancelled.StatusCode == StatusCode.Cancelled)
{
    return ExitCode.Interrupted;
}
catch (Failure failure)
{
    Console.Error.WriteLine($"runlogs: {failure.Message}");
    return failure.ExitCode;
}
catch (IOException)
{
    // As a program ends that SIGPIPE ends: its reader has what it wanted.
    return ExitCode.OutputClosed;
}
