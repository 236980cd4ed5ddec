using Google.Cloud.Logging.V2;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;

namespace RunLogs.Plugins.Stackdriver;

/// <summary>The service over gRPC under the names of the official client: the file to change when that package can be used.</summary>
internal sealed class LoggingServiceV2Client(GoogleAccess access) : ILoggingServiceV2Client
{
    // A thousand entries may be far above gRPC's 4 MiB.
    private const int MostResponseBytes = 64 * 1024 * 1024;
    private static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(60);

    // What our messages leave out is not kept either.
    private static readonly MessageParser<ListLogEntriesResponse> Parser = ListLogEntriesResponse.Parser.WithDiscardUnknownFields(true);

    private static readonly Method<ListLogEntriesRequest, ListLogEntriesResponse> ListLogEntries = new(
        MethodType.Unary,
        "google.logging.v2.LoggingServiceV2",
        "ListLogEntries",
        Marshallers.Create<ListLogEntriesRequest>((request, context) => context.Complete(request.ToByteArray()), context => ListLogEntriesRequest.Parser.ParseFrom(context.PayloadAsReadOnlySequence())),
        Marshallers.Create<ListLogEntriesResponse>((response, context) => context.Complete(response.ToByteArray()), context => Parser.ParseFrom(context.PayloadAsReadOnlySequence())));

    private readonly Lock _lock = new();
    private GrpcChannel? _channel;

    public async Task<ListLogEntriesResponse> ListLogEntriesAsync(ListLogEntriesRequest request, CancellationToken cancellationToken)
    {
        // gRPC would disguise a failure to get a token as one of the call.
        var token = await access.TokenAsync(cancellationToken);
        var headers = new Metadata { { "authorization", $"Bearer {token.AccessToken}" } };
        foreach (var (name, values) in token.Headers)
        {
            foreach (var value in values)
                headers.Add(name, value);
        }

        var channel = ChannelTo(await access.EndpointAsync(cancellationToken));
        // The library counts by the machine's own clock.
        var deadline = (TimeProvider.System.GetUtcNow() + CallLimit).UtcDateTime;
        using var call = channel.CreateCallInvoker().AsyncUnaryCall(ListLogEntries, null, new CallOptions(headers, deadline, cancellationToken), request);
        try
        {
            return await call.ResponseAsync;
        }
        catch (RpcException e) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(e.Status.Detail, e, cancellationToken);
        }
    }

    public void Dispose() => _channel?.Dispose();

    private GrpcChannel ChannelTo(Uri endpoint)
    {
        lock (_lock)
        {
            return _channel ??= GrpcChannel.ForAddress(endpoint, new GrpcChannelOptions
            {
                HttpHandler = new SocketsHttpHandler
                {
                    ConnectTimeout = TimeSpan.FromSeconds(10),
                    EnableMultipleHttp2Connections = true,
                    KeepAlivePingDelay = TimeSpan.FromSeconds(60),
                    KeepAlivePingTimeout = TimeSpan.FromSeconds(20),
                    PooledConnectionLifetime = TimeSpan.FromMinutes(30),
                    UseCookies = false,
                },
                DisposeHttpClient = true,
                MaxReceiveMessageSize = MostResponseBytes,
            });
        }
    }
}
