using System.Diagnostics;
using System.Text.RegularExpressions;
using RunLogs.Comparison.Api;
using RunLogs.Comparison.Clients;

namespace RunLogs.Comparison.Rig;

/// <summary>Caddy before the API server, with one log as a file: HTTP/2 and TLS as Go speaks them, in which Kubernetes' own API server is written.</summary>
internal sealed partial class CaddyServer : IAsyncDisposable
{
    public const string Program = "caddy";

    private readonly ServerProcess _process;

    private CaddyServer(ServerProcess process, Upstream upstream) => (_process, Upstream) = (process, upstream);

    public Upstream Upstream { get; }

    public static async Task<CaddyServer> StartAsync(Bench bench, ExpectedLog expected, CancellationToken cancellationToken)
    {
        var (api, folder) = (bench.Api, Directory.CreateDirectory(Path.Combine(bench.Scratch, Program)).FullName);
        var log = api.Plain.Log(expected.Pod);
        await SaveAsync(api, log, Path.Combine(folder, log.AbsolutePath.TrimStart('/')), cancellationToken);
        var config = Path.Combine(folder, "caddy.json");
        await File.WriteAllTextAsync(config, Config(api, folder, log.AbsolutePath), cancellationToken);
        var start = new ProcessStartInfo(Program, ["run", "--config", config]) { WorkingDirectory = folder };
        start.Environment["HOME"] = folder;
        var (process, ports) = await ServerProcess.StartAsync(start, 1, line => Listening().Match(line) is { Success: true } match ? match.Groups[1].Value : null, cancellationToken);
        var server = new CaddyServer(process, new Upstream("TLS, HTTP/2, a server in Go", new Uri($"https://127.0.0.1:{ports[0]}"), Path.Combine(folder, "kubeconfig")));
        try
        {
            var authority = await File.ReadAllTextAsync(api.AuthorityFile, cancellationToken);
            await File.WriteAllTextAsync(server.Upstream.KubeConfig, KubeConfig.For(server.Upstream.Url.OriginalString, authority), cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static async Task SaveAsync(ApiServer api, Uri log, string file, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        using var direct = new DirectReader(api);
        using var response = await direct.OpenAsync(log, cancellationToken);
        await using var saved = File.Create(file);
        await response.Content.CopyToAsync(saved, cancellationToken);
    }

    // The file is the whole log: what is asked for from a later time on, as the host does at the end, the API server itself answers.
    // JSON is the only form of its settings that takes a certificate without asking anybody, and no port for administration.
    private static string Config(ApiServer api, string folder, string log) => $$$$"""
        {"admin": {"disabled": true}, "storage": {"module": "file_system", "root": "{{{{folder}}}}/storage"},
         "apps": {
          "tls": {"certificates": {"load_files": [{"certificate": "{{{{api.CertificateFile}}}}", "key": "{{{{api.KeyFile}}}}"}]}},
          "http": {"servers": {"api": {
           "listen": ["127.0.0.1:0"], "protocols": ["h1", "h2"], "automatic_https": {"disable": true}, "tls_connection_policies": [{}],
           "routes": [
            {"match": [{"path": ["{{{{log}}}}"], "expression": "{http.request.uri.query.sinceTime} <= '{{{{LogText.TimeOf(0)}}}}'"}], "handle": [
             {"handler": "headers", "response": {"set": {"Content-Type": ["text/plain"]}}}, {"handler": "file_server", "root": "{{{{folder}}}}"}]},
            {"handle": [{"handler": "reverse_proxy", "upstreams": [{"dial": "{{{{api.Plain.Url.Authority}}}}"}]}]}]
          }}}
         }}
        """;

    // Said of a port that it chose itself.
    [GeneratedRegex(@"""actual_address"":""127\.0\.0\.1:(\d+)""")]
    private static partial Regex Listening();
}
