using System.CommandLine;

namespace RunLogs.Cli.Commands;

/// <summary>Which host is asked, and how.</summary>
internal sealed class ServerOptions
{
    public const string Default = "http://127.0.0.1:8091";

    private readonly Option<string> _server = new("--server")
    {
        Description = $"The host's gRPC address; else RUNLOGS_SERVER, else {Default}.",
        HelpName = "url",
        Recursive = true,
    };

    private readonly Option<string[]> _headers = new("--header", "-H")
    {
        Description = "A header for a proxy on the way, as 'name: value'; may be repeated.",
        HelpName = "header",
        Recursive = true,
    };

    public ServerOptions()
    {
        _server.Validators.Add(result =>
        {
            if (!IsAddress(result.GetValueOrDefault<string>()))
            {
                result.AddError($"--server takes a URL such as {Default}.");
            }
        });
        _headers.Validators.Add(result =>
        {
            if (result.Tokens.Any(token => token.Value.IndexOf(':', StringComparison.Ordinal) < 1))
            {
                result.AddError("--header takes 'name: value'.");
            }
        });
    }

    public void AddTo(RootCommand root)
    {
        root.Options.Add(_server);
        root.Options.Add(_headers);
    }

    public Server Of(ParseResult line)
    {
        var address = line.GetValue(_server) ?? Environment.GetEnvironmentVariable("RUNLOGS_SERVER") ?? Default;
        return IsAddress(address)
            ? new Server(new Uri(address), line.GetValue(_headers) ?? [])
            : throw new Failure(ExitCode.Usage, $"RUNLOGS_SERVER takes a URL such as {Default}.");
    }

    private static bool IsAddress(string? text) => Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https";
}
