using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace RunLogs.Testing.Kubernetes;

/// <summary>A Kubernetes API server with scripted pods, which kubectl agrees with.</summary>
public sealed class FakeKubernetesApi : IAsyncDisposable
{
    private readonly bool _tls;
    private WebApplication _server;
    private int _port;
    private int _connections;
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("fake-kubernetes-");
    private readonly FakeCertificate? _certificate;
    private readonly Dictionary<(string Namespace, string Name), FakePod> _pods = [];
    private readonly List<string> _requests = [];
    private readonly List<FakeLogStream> _streams = [];
    private TaskCompletionSource _changed = Gate();
    private FakeKubelet _kubelet;
    private bool _etcdIsDown;

    private FakeKubernetesApi(bool tls, TimeProvider time)
    {
        Time = time;
        _certificate = tls ? new FakeCertificate() : null;
        _tls = tls;
        _server = Build();
    }

    /// <summary>The base address, without a slash at its end.</summary>
    public string Url { get; private set; } = "";

    /// <summary>A kubeconfig for this server.</summary>
    public string KubeConfigPath => Path.Combine(_directory.FullName, "kubeconfig");

    /// <summary>A directory for clients' caches, removed with the server.</summary>
    public string ScratchDirectory => _directory.FullName;

    /// <summary>The token in the kubeconfig.</summary>
    public string Token => "the-token-of-the-kubeconfig";

    /// <summary>The bearer token that is asked for; null when anybody may read. kubectl sends none over plain HTTP.</summary>
    public string? RequiredToken { get; set; }

    /// <summary>Answers every request, instead of the pods; null for the pods.</summary>
    public FakeAnswer? Answer { get; set; }

    /// <summary>What the kubelets of all nodes do.</summary>
    public FakeKubelet Kubelet
    {
        get => _kubelet;
        set => Change(() => _kubelet = value);
    }

    /// <summary>How many logs the kubelet of a node can follow at once.</summary>
    public int WatchersPerNode { get; set; } = int.MaxValue;

    /// <summary>Whether nothing can be read of pods: log requests get no headers, reads of a status are reset, and open streams go on.</summary>
    public bool EtcdIsDown
    {
        get => _etcdIsDown;
        set => Change(() => _etcdIsDown = value);
    }

    /// <summary>The requests whose answers have not begun.</summary>
    public FakeFlights Flights { get; } = new();

    /// <summary>How many connections are open.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Path and query of every request, in order of arrival.</summary>
    public IReadOnlyList<string> Requests => Locked(() => _requests.ToArray());

    /// <summary>The log requests among <see cref="Requests"/>.</summary>
    public IReadOnlyList<string> LogRequests => [.. Requests.Where(IsLog)];

    /// <summary>The reads of a pod's status among <see cref="Requests"/>.</summary>
    public IReadOnlyList<string> PodRequests => [.. Requests.Where(IsPod)];

    /// <summary>Every log stream that was ever opened.</summary>
    public IReadOnlyList<FakeLogStream> Streams => Locked(() => _streams.ToArray());

    public int OpenStreams => Locked(() => _streams.Count(stream => stream.IsOpen));

    internal TimeProvider Time { get; }

    internal Lock Lock { get; } = new();

    /// <summary>Starts a server on a free port of the loopback: plain HTTP/1.1, or TLS with HTTP/1.1 and HTTP/2.</summary>
    public static async Task<FakeKubernetesApi> StartAsync(bool tls = false, TimeProvider? time = null)
    {
        var api = new FakeKubernetesApi(tls, time ?? TimeProvider.System);
        await api._server.StartAsync();
        api.Url = api._server.Urls.First().TrimEnd('/');
        api._port = new Uri(api.Url).Port;
        await File.WriteAllTextAsync(api.KubeConfigPath, FakeKubeConfig.For(api.Url, api.Token, api._certificate?.AuthorityPem));
        return api;
    }

    /// <summary>Adds a pod that runs on a node; its containers come with <see cref="FakePod.Container"/>.</summary>
    public FakePod AddPod(string @namespace, string name, string? uid = null)
    {
        var pod = new FakePod(this, @namespace, name, uid ?? Guid.NewGuid().ToString());
        Change(() => _pods[(@namespace, name)] = pod);
        return pod;
    }

    /// <summary>Removes a pod: its streams end cleanly, new requests find nothing.</summary>
    public void DeletePod(FakePod pod)
    {
        Change(() => _pods.Remove((pod.Namespace, pod.Name)));
        foreach (var stream in Streams.Where(stream => stream.Pod == pod))
            stream.End();
    }

    /// <summary>Removes a pod's object at once: its containers write for a moment yet, into streams that go on.</summary>
    public void ForceDeletePod(FakePod pod) => Change(() => _pods.Remove((pod.Namespace, pod.Name)));

    /// <summary>Breaks off every open log stream, as an API server that is killed does.</summary>
    public void CutStreams()
    {
        foreach (var stream in Streams)
            stream.Cut();
    }

    /// <summary>Kills the API server: streams are cut, and nobody listens until <see cref="RestartAsync"/>.</summary>
    public async Task KillAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        foreach (var stream in Streams)
            stream.Abort();

        await _server.StopAsync(now.Token);
        await _server.DisposeAsync();
    }

    /// <summary>Terminates the API server: nobody listens any more, and open log streams go on until <see cref="KillAsync"/> cuts them.</summary>
    public async Task TerminateAsync()
    {
        _ = _server.StopAsync(CancellationToken.None);
        await FakePort.ClosedAsync(_port);
    }

    /// <summary>Lets something else stand at the address of a killed API server, until it is disposed.</summary>
    public FakeAbsence BeAway() => new(_port);

    /// <summary>Starts a killed API server again, at the same address and with the same pods.</summary>
    public async Task RestartAsync()
    {
        _server = Build();
        await _server.StartAsync();
    }

    /// <summary>Kills the kubelets: their streams end cleanly, until <see cref="Kubelet"/> is set again.</summary>
    public void KillKubelets()
    {
        Kubelet = FakeKubelet.Down;
        EndStreamsAtOnce();
    }

    /// <summary>Ends every open log stream cleanly where it stands.</summary>
    public void EndStreamsAtOnce()
    {
        foreach (var stream in Streams)
            stream.EndAtOnce();
    }

    /// <summary>Ends every open log stream cleanly, as a kubelet that is stopped does.</summary>
    public void EndStreams()
    {
        foreach (var stream in Streams)
            stream.End();
    }

    /// <summary>Ends when so many log streams are open at once.</summary>
    public Task StreamsOpenAsync(int count) => WhenAsync(() => _streams.Count(stream => stream.IsOpen) >= count);

    /// <summary>Ends with a pod's first log stream.</summary>
    public async Task<FakeLogStream> StreamOfAsync(FakePod pod)
    {
        await WhenAsync(() => _streams.Exists(stream => stream.Pod == pod));
        return Streams.First(stream => stream.Pod == pod);
    }

    /// <summary>Ends when no log stream is open.</summary>
    public Task StreamsClosedAsync() => WhenAsync(() => !_streams.Exists(stream => stream.IsOpen));

    /// <summary>Ends when so many log requests have come.</summary>
    public Task LogRequestsAsync(int count) => WhenAsync(() => _requests.Count(IsLog) >= count);

    /// <summary>Ends when the status of a pod was asked so many times.</summary>
    public Task PodRequestsAsync(int count) => WhenAsync(() => _requests.Count(IsPod) >= count);

    public async ValueTask DisposeAsync()
    {
        Answer?.Release();
        foreach (var stream in Streams)
            stream.Abort();

        await _server.DisposeAsync();
        _certificate?.Dispose();
        _directory.Delete(recursive: true);
    }

    internal FakePod? FindPod(string @namespace, string name) => Locked(() => _pods.GetValueOrDefault((@namespace, name)));

    internal void Record(string pathAndQuery) => Change(() => _requests.Add(pathAndQuery));

    internal void Record(FakeLogStream stream) => Change(() => _streams.Add(stream));

    internal void Change(Action change)
    {
        lock (Lock)
        {
            change();
            _changed.SetResult();
            _changed = Gate();
        }
    }

    /// <summary>Ends with the next change of anything.</summary>
    internal Task ChangedAsync() => Locked(() => _changed.Task);

    /// <summary>Ends when the kubelets do not hang.</summary>
    internal Task KubeletGoesOnAsync(CancellationToken cancellationToken) => WhenAsync(() => _kubelet != FakeKubelet.Hung).WaitAsync(cancellationToken);

    /// <summary>Ends when pods can be read.</summary>
    internal Task EtcdAnswersAsync(CancellationToken cancellationToken) => WhenAsync(() => !_etcdIsDown).WaitAsync(cancellationToken);

    private WebApplication Build()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, _port, listen =>
        {
            listen.Protocols = _tls ? HttpProtocols.Http1AndHttp2 : HttpProtocols.Http1;
            listen.Use(next => async connection =>
            {
                Interlocked.Increment(ref _connections);
                try
                {
                    await next(connection);
                }
                finally
                {
                    Interlocked.Decrement(ref _connections);
                }
            });
            if (_certificate is not null)
            {
                listen.Use(next => connection => FakePlainHttp.AnswerAsync(connection, next));
                listen.UseHttps(_certificate.Server);
            }
        }));
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.Http2.MaxStreamsPerConnection = 100);
        var server = builder.Build();
        server.Run(context => new FakeRequest(this, context).AnswerAsync());
        return server;
    }

    private async Task WhenAsync(Func<bool> met)
    {
        while (true)
        {
            var (done, changed) = Locked(() => (met(), _changed.Task));
            if (done)
                return;

            await changed;
        }
    }

    private T Locked<T>(Func<T> read)
    {
        lock (Lock)
        {
            return read();
        }
    }

    private static bool IsLog(string request) => request.Split('?')[0].EndsWith("/log", StringComparison.Ordinal);

    private static bool IsPod(string request) => request.Contains("/pods/", StringComparison.Ordinal) && !IsLog(request);

    private static TaskCompletionSource Gate() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
