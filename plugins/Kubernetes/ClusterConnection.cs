using System.Net;
using k8s;
using RunLogs.Abstractions;
using Client = k8s.Kubernetes;

namespace RunLogs.Plugins.Kubernetes;

/// <summary>Sends GET requests to the API of one cluster; owns its connections.</summary>
internal sealed class ClusterConnection : IDisposable
{
    // The default of 64 KiB waits for updates, and what fills a large one outgrows the pool of buffers. For a far server .NET makes it larger.
    private const int StreamWindow = 512 * 1024;

    // No object of a cluster is larger: etcd takes 1.5 MiB.
    private const int LargestBody = 8 * 1024 * 1024;

    private readonly RequestGate _gate = new();
    private readonly Client _client;
    private readonly string? _serverName;
    private readonly string _cluster;
    private readonly TimeSpan _headerTimeout;
    private readonly TimeProvider _time;

    public ClusterConnection(KubernetesClientConfiguration configuration, string cluster, TimeSpan headerTimeout, TimeProvider time)
    {
        configuration.UserAgent = "RunLogs";
        configuration.FirstMessageHandlerSetup = handler =>
        {
            // The API server allows 100 streams per connection: the 101st follower needs another one.
            handler.EnableMultipleHttp2Connections = true;
            handler.InitialHttp2StreamWindowSize = StreamWindow;
            handler.ConnectTimeout = headerTimeout;
        };
        _client = new Client(configuration);
        _serverName = configuration.TlsServerName;
        _cluster = cluster;
        _headerTimeout = headerTimeout;
        _time = time;
    }

    /// <summary>Sends a request and hands over the answer once its headers are there, whatever its status.</summary>
    /// <param name="pathAndQuery">What to ask.</param>
    /// <param name="node">The node that answers it; null for the API server itself.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    public async Task<HttpResponseMessage> GetAsync(string pathAndQuery, string? node, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_client.BaseUri, pathAndQuery)) { Version = HttpVersion.Version20 };
        request.Headers.TryAddWithoutValidation("Accept", "application/json, */*");
        if (!string.IsNullOrWhiteSpace(_serverName))
        {
            request.Headers.Host = _serverName;
        }

        return node is null ? await _gate.SendAsync(SendAsync, IsAway, cancellationToken) : await _gate.SendAsync(node, SendAsync, IsAway, cancellationToken);

        Task<HttpResponseMessage> SendAsync() => WithinHeaderTimeoutAsync(token => this.SendAsync(request, token), cancellationToken);
    }

    /// <summary>Reads a whole, small answer within the same limit as its headers.</summary>
    public Task<byte[]> ReadBodyAsync(HttpResponseMessage response, CancellationToken cancellationToken) => WithinHeaderTimeoutAsync(
        async token =>
        {
            await response.Content.LoadIntoBufferAsync(LargestBody, token);
            return await response.Content.ReadAsByteArrayAsync(token);
        },
        cancellationToken);

    public void Dispose()
    {
        _client.Dispose();
        _gate.Dispose();
    }

    private static bool IsAway(LogStreamException fault) =>
        fault.InnerException is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError };

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (_client.Credentials is { } credentials)
        {
            try
            {
                await credentials.ProcessHttpRequestAsync(request, cancellationToken).WaitAsync(cancellationToken);
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                throw new LogStreamException(LogStreamError.PermissionDenied, $"RunLogs has no usable credentials for the Kubernetes cluster {_cluster}", "BACKEND_UNAUTHENTICATED", fault);
            }
        }

        return await _client.HttpClient.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    private async Task<T> WithinHeaderTimeoutAsync<T>(Func<CancellationToken, Task<T>> action, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(_headerTimeout, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return await action(both.Token);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        catch (OperationCanceledException fault)
        {
            throw new LogStreamException(LogStreamError.Unavailable, $"the Kubernetes API of cluster {_cluster} did not answer within {_headerTimeout.TotalSeconds:0.###} s", "UNREACHABLE", fault);
        }
        catch (HttpRequestException fault) when (fault.HttpRequestError == HttpRequestError.SecureConnectionError)
        {
            throw new LogStreamException(LogStreamError.Unavailable, $"no secure connection to the Kubernetes API of cluster {_cluster}: check its certificate and the certificate authority in the kubeconfig", "UNREACHABLE", fault);
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException)
        {
            throw new LogStreamException(LogStreamError.Unavailable, $"the Kubernetes API of cluster {_cluster} cannot be reached", "UNREACHABLE", fault);
        }
    }
}
