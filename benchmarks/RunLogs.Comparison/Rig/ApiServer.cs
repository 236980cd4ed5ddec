using System.Diagnostics;
using System.Globalization;
using RunLogs.Comparison.Api;

namespace RunLogs.Comparison.Rig;

/// <summary>The fast API server as a process of its own: what it computes counts for nobody.</summary>
internal sealed class ApiServer(ServerProcess process, string folder, Uri plain, Uri tls) : IAsyncDisposable
{
    public Upstream Plain { get; } = new("plain HTTP/1.1", plain, Path.Combine(folder, ApiProgram.PlainConfig));

    public Upstream Tls { get; } = new("TLS, HTTP/2", tls, Path.Combine(folder, ApiProgram.TlsConfig));

    public string AuthorityFile => Path.Combine(folder, ApiProgram.Authority);

    public string CertificateFile => Path.Combine(folder, ApiProgram.Certificate);

    public string KeyFile => Path.Combine(folder, ApiProgram.Key);

    public static async Task<ApiServer> StartAsync(string folder, long preparedLines, CancellationToken cancellationToken)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "RunLogs.Comparison");
        var start = new ProcessStartInfo(program, [ApiProgram.Command, folder, preparedLines.ToString(CultureInfo.InvariantCulture)]);
        var (process, told) = await ServerProcess.StartAsync(
            start, 1, line => line.StartsWith(ApiProgram.Listening, StringComparison.Ordinal) ? line : null, cancellationToken);
        var urls = told[0].Split(' ');
        return new ApiServer(process, folder, new Uri(urls[1]), new Uri(urls[2]));
    }

    public ValueTask DisposeAsync() => process.DisposeAsync();
}
