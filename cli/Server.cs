using Grpc.Core;
using Grpc.Net.Client;

namespace RunLogs.Cli;

/// <summary>The host that is asked.</summary>
internal sealed class Server : IDisposable
{
    private readonly GrpcChannel _channel;

    public Server(Uri address, IEnumerable<string> headers)
    {
        Address = address;
        foreach (var header in headers)
        {
            var (name, value) = (header[..header.IndexOf(':', StringComparison.Ordinal)].Trim(), header[(header.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim());
            try
            {
                Headers.Add(name, value);
            }
            catch (ArgumentException)
            {
                throw new Failure(ExitCode.Usage, $"'{name}' cannot be the name of a header.");
            }
        }

        _channel = GrpcChannel.ForAddress(address, new GrpcChannelOptions
        {
            MaxReceiveMessageSize = 16 * 1024 * 1024,
            HttpHandler = new SocketsHttpHandler
            {
                ConnectTimeout = TimeSpan.FromSeconds(10),
                // A connection that a proxy forgot is found out.
                KeepAlivePingDelay = TimeSpan.FromSeconds(20),
                KeepAlivePingTimeout = TimeSpan.FromSeconds(20),
            },
            DisposeHttpClient = true,
        });
    }

    public Uri Address { get; }

    public Metadata Headers { get; } = [];

    public ChannelBase Channel => _channel;

    public void Dispose() => _channel.Dispose();

    /// <summary>Makes a unary call of at most 30 s.</summary>
    public async Task<T> CallAsync<T>(Func<CallOptions, AsyncUnaryCall<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call(new CallOptions(Headers, TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(30), cancellationToken));
        }
        catch (RpcException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw Failure.Of(error, Address);
        }
    }
}
