using System.Diagnostics;
using System.Globalization;
using RunLogs.Comparison.Api;

namespace RunLogs.Comparison.Rig;

/// <summary>The fast API server as a process of its own: what it computes counts for nobody.</summary>
internal sealed class ApiServer(ServerProcess process, string folder, Uri plain, Uri tls) : IAsyncDisposable
{
    public string AuthorityFile => Path.Combine(folder, ApiProgram.Authority);

    public static async Task<ApiServer> StartAsync(string folder, long preparedLines, CancellationToken cancellationToken)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "RunLogs.Comparison");
        var start = new ProcessStartInfo(program, [ApiProgram.Command, folder, preparedLines.ToString(CultureInfo.InvariantCulture)]);
        var (process, told) = await ServerProcess.StartAsync(
            start, 1, line => line.StartsWith(ApiProgram.Listening, StringComparison.Ordinal) ? line : null, cancellationToken);
        var urls = told[0].Split(' ');
        return new ApiServer(process, folder, new Uri(urls[1]), new Uri(urls[2]));
    }

    /// <summary>What it is read over.</summary>
    public static string Wire(bool isTls) => isTls ? "TLS, HTTP/2" : "plain HTTP/1.1";

    public string KubeConfig(bool isTls) => Path.Combine(folder, isTls ? ApiProgram.TlsConfig : ApiProgram.PlainConfig);

    /// <summary>Where a pod's log is.</summary>
    public Uri Log(bool isTls, string pod, bool follow = false) =>
        new(isTls ? tls : plain, $"api/v1/namespaces/{HostServer.Namespace}/pods/{pod}/log?container=main&timestamps=true{(follow ? "&follow=true" : "")}");

    public ValueTask DisposeAsync() => process.DisposeAsync();
}
