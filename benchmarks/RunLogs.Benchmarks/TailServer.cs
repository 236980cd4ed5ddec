using System.Buffers.Binary;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using Google.Protobuf;
using RunLogs.Protos.Flyte.Common;
using RunLogs.Protos.Flyte.Dataproxy;

namespace RunLogs.Benchmarks;

/// <summary>The built host as a process, with one finished log in its files, and a client that reads answers and leaves them unparsed.</summary>
internal sealed class TailServer : IAsyncDisposable
{
    private const string Ended = "2025-11-22T18:00:00Z";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly ActionIdentifier Action = new() { Run = new RunIdentifier { Project = "flytesnacks", Domain = "development", Name = "run" }, Name = "a0" };
    private static readonly TailLogsRequest Request = new() { ActionId = Action, Attempt = 1 };

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("runlogs-benchmark-");
    private readonly byte[] _buffer = new byte[64 * 1024];
    private readonly Dictionary<string, HttpClient> _clients = [];
    private Process? _host;

    private TailServer()
    {
    }

    public static async Task<TailServer> StartAsync(int lines)
    {
        var server = new TailServer();
        await server.BeginAsync(lines);
        return server;
    }

    /// <summary>Tails the log once.</summary>
    public async Task<TailCost> TailAsync(TailTransport transport)
    {
        var message = transport.IsJson ? Encoding.UTF8.GetBytes(JsonFormatter.Default.Format(Request)) : Request.ToByteArray();
        var body = new byte[5 + message.Length];
        BinaryPrimitives.WriteInt32BigEndian(body.AsSpan(1), message.Length);
        message.CopyTo(body, 5);
        using var request = new HttpRequestMessage(HttpMethod.Post, "flyteidl2.dataproxy.DataProxyService/TailLogs") { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(transport.ContentType);
        if (transport.IsGrpc)
        {
            request.Headers.Add("TE", "trailers");
        }
        else if (transport.AcceptsGzip)
        {
            request.Headers.Add("Connect-Accept-Encoding", "gzip");
        }

        (request.Version, request.VersionPolicy) = (Version.Parse(transport.Http), HttpVersionPolicy.RequestVersionExact);
        _host!.Refresh();
        var (started, busy) = (TimeProvider.System.GetTimestamp(), _host.TotalProcessorTime);
        using var response = (await _clients[transport.Http].SendAsync(request, HttpCompletionOption.ResponseHeadersRead)).EnsureSuccessStatusCode();
        await using var stream = await response.Content.ReadAsStreamAsync();
        var bytes = 0L;
        for (int read; (read = await stream.ReadAsync(_buffer)) > 0;)
        {
            bytes += read;
        }

        var time = TimeProvider.System.GetElapsedTime(started);
        _host.Refresh();
        return bytes > 100_000 ? new TailCost(time, _host.TotalProcessorTime - busy, bytes) : throw new InvalidOperationException($"{transport.Name}: the log did not come: {response}");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients.Values)
        {
            client.Dispose();
        }

        if (_host is not null)
        {
            _host.Kill();
            await _host.WaitForExitAsync();
            _host.Dispose();
        }

        _directory.Delete(recursive: true);
    }

    private async Task BeginAsync(int lines)
    {
        var log = Directory.CreateDirectory(Path.Combine(_directory.FullName, "files", "flyte_run-a0-0_6f2d7c9e-0a4b-4a5e-9d3e-1f0c5b7a8e21", "main"));
        await File.WriteAllBytesAsync(Path.Combine(log.FullName, "0.log"), SomeLog.File(lines));
        var listening = new TaskCompletionSource<Uri[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        var addresses = new List<Uri>();

        // The host of the same configuration, where its build put it and its plugins.
        var built = AppContext.BaseDirectory.TrimEnd('/').Split('/')[^2..];
        _host = new Process
        {
            StartInfo = new ProcessStartInfo(
                Path.GetFullPath($"../../../../../host/bin/{built[0]}/{built[1]}/RunLogs.Host", AppContext.BaseDirectory),
                [
                    "--Kestrel:Endpoints:Grpc:Url=http://127.0.0.1:0", "--Kestrel:Endpoints:Http:Url=http://127.0.0.1:0", $"--RunLogs:DataDirectory={_directory.FullName}/data",
                    $"--RunLogs:Backends:Files:Root={_directory.FullName}/files", "--RunLogs:Backends:Kubernetes:Enabled=false",
                ])
            {
                RedirectStandardOutput = true,
                WorkingDirectory = _directory.FullName,
            },
        };
        _host.OutputDataReceived += (_, line) =>
        {
            if (line.Data?.Split("Now listening on: ") is [_, var address])
            {
                addresses.Add(new Uri(address));
                if (addresses.Count == 2)
                {
                    listening.SetResult([.. addresses]);
                }
            }
        };
        _host.Start();
        _host.BeginOutputReadLine();
        var urls = await listening.Task.WaitAsync(Patience);
        (_clients["2.0"], _clients["1.1"]) = (new HttpClient { BaseAddress = urls[0], Timeout = Patience }, new HttpClient { BaseAddress = urls[1], Timeout = Patience });
        using var put = await _clients["1.1"].PostAsync("runlogs.v1.LogContextService/PutLogContext", new StringContent(
            $$"""
            { "record": { "actionId": {{JsonFormatter.Default.Format(Action)}}, "attempt": 1, "endTime": "{{Ended}}", "logContext": { "primaryPodName": "run-a0-0",
              "pods": [{ "namespace": "flyte", "podName": "run-a0-0", "primaryContainerName": "main", "containers": [{ "containerName": "main" }] }] } } }
            """, Encoding.UTF8, "application/json"));
        put.EnsureSuccessStatusCode();
    }
}
