using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Grpc.Net.Client;
using RunLogs.Protos.Flyte.Common;
using RunLogs.Protos.Flyte.Core;
using RunLogs.Protos.V1;
using Timestamp = Google.Protobuf.WellKnownTypes.Timestamp;

namespace RunLogs.Comparison.Rig;

/// <summary>The published host as a process of its own.</summary>
internal sealed partial class HostServer : IAsyncDisposable
{
    public const string Namespace = "flyte";

    private const int PutsAtOnce = 16;

    private readonly ServerProcess _process;
    private readonly string _data;
    private readonly HttpClient _http;

    private HostServer(ServerProcess process, string data, Uri[] urls)
    {
        (_process, _data, Grpc) = (process, data, urls[0]);
        _http = new HttpClient { BaseAddress = urls[1] };
        Channel = NewChannel();
    }

    /// <summary>Cleartext HTTP/2.</summary>
    public Uri Grpc { get; }

    public GrpcChannel Channel { get; }

    public HttpClient Http => _http;

    public ProcessFigures Figures => _process.Figures;

    public static async Task<HostServer> StartAsync(string folder, IEnumerable<string> settings, CancellationToken cancellationToken)
    {
        var data = Directory.CreateTempSubdirectory("runlogs-comparison-data-").FullName;
        var start = new ProcessStartInfo(Path.Combine(folder, "RunLogs.Host"), [
            "--Kestrel:Endpoints:Grpc:Url=http://127.0.0.1:0", "--Kestrel:Endpoints:Http:Url=http://127.0.0.1:0", $"--RunLogs:DataDirectory={data}",
            .. settings.Select(setting => $"--RunLogs:{setting}"),
        ])
        { WorkingDirectory = data };
        start.Environment.Remove("KUBECONFIG");
        start.Environment["HOME"] = data;

        // Endpoints are opened in the order of their names.
        var (process, urls) = await ServerProcess.StartAsync(start, 2, line => Listening().Match(line) is { Success: true } match ? new Uri(match.Groups[1].Value) : null, cancellationToken);
        return new HostServer(process, data, urls);
    }

    public static ActionIdentifier ActionOf(string pod) => new() { Run = new RunIdentifier { Project = "flytesnacks", Domain = "development", Name = pod }, Name = "a0" };

    /// <summary>A channel of connections of its own, as many as its streams need.</summary>
    public GrpcChannel NewChannel() => GrpcChannel.ForAddress(Grpc, new GrpcChannelOptions
    {
        HttpHandler = new SocketsHttpHandler { EnableMultipleHttp2Connections = true, PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan },
        DisposeHttpClient = true,
    });

    /// <summary>Tells the host where an attempt ran: one of the name of its pod.</summary>
    public async Task PutContextAsync(string pod, DateTime? ended, CancellationToken cancellationToken) =>
        await new LogContextService.LogContextServiceClient(Channel).PutLogContextAsync(new PutLogContextRequest
        {
            Record = new LogContextRecord
            {
                ActionId = ActionOf(pod),
                Attempt = 1,
                EndTime = ended is { } time ? Timestamp.FromDateTime(time) : null,
                LogContext = new LogContext
                {
                    PrimaryPodName = pod,
                    Pods = { new PodLogContext { Namespace = Namespace, PodName = pod, PrimaryContainerName = "main", Containers = { new ContainerContext { ContainerName = "main" } } } },
                },
            },
        }, cancellationToken: cancellationToken);

    public Task PutContextsAsync(IEnumerable<string> pods, CancellationToken cancellationToken) => Parallel.ForEachAsync(
        pods, new ParallelOptions { MaxDegreeOfParallelism = PutsAtOnce, CancellationToken = cancellationToken }, async (pod, token) => await PutContextAsync(pod, null, token));

    /// <summary>The sum of one of its metrics.</summary>
    public async Task<double> MetricAsync(string name, CancellationToken cancellationToken)
    {
        // Its exporter gives the same answer for a short while.
        await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, cancellationToken);
        var metrics = await _http.GetStringAsync("metrics", cancellationToken);
        return metrics.Split('\n').Where(line => line.StartsWith(name, StringComparison.Ordinal)).Sum(line => double.Parse(Sample().Match(line).Groups[1].Value, CultureInfo.InvariantCulture));
    }

    public async ValueTask DisposeAsync()
    {
        Channel.Dispose();
        _http.Dispose();
        await _process.DisposeAsync();
        Directory.Delete(_data, recursive: true);
    }

    [GeneratedRegex(@"Now listening on: (http://\S+)")]
    private static partial Regex Listening();

    // A value, with or without the time behind it.
    [GeneratedRegex(@"^\w+(?:\{.*\})? (\S+)")]
    private static partial Regex Sample();
}
