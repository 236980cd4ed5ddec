using System.Reflection;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using IdempotencyLevel = Google.Protobuf.Reflection.MethodOptions.Types.IdempotencyLevel;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;

namespace RunLogs.Connect;

/// <summary>What Connect needs to know of one gRPC endpoint: its codecs and its limit.</summary>
internal sealed class ConnectMethod
{
    private const int DefaultReceiveLimit = 4 * 1024 * 1024;

    private readonly MethodType _type;
    private readonly ProtoCodec _proto;
    private readonly JsonCodec? _json;

    public ConnectMethod(Endpoint endpoint, GrpcMethodMetadata method, IServiceProvider services)
    {
        var descriptor = FindDescriptor(endpoint, method)?.FindMethodByName(method.Method.Name);
        Name = method.Method.FullName.TrimStart('/');
        ReceiveLimit = FindReceiveLimit(method.ServiceType, services);
        _type = method.Method.Type;
        _proto = new ProtoCodec(descriptor?.InputType);
        _json = descriptor is null ? null : new JsonCodec(descriptor);
        HasNoSideEffects = _type == MethodType.Unary && descriptor?.GetOptions()?.IdempotencyLevel == IdempotencyLevel.NoSideEffects;
    }

    public string Name { get; }

    /// <summary>The largest request message in bytes, after decompression; null is no limit.</summary>
    public int? ReceiveLimit { get; }

    /// <summary>Whether it may be called by GET.</summary>
    public bool HasNoSideEffects { get; }

    /// <summary>The content types it can be called with, for Accept-Post.</summary>
    public string AcceptPost => string.Join(", ", Spoken.Select(type => type.ToString()).Prepend("application/grpc"));

    private IEnumerable<ConnectContentType> Spoken => from codec in new[] { ConnectContentType.Proto, ConnectContentType.Json }
                                                      let type = new ConnectContentType(codec, IsStream: _type != MethodType.Unary)
                                                      where FindCodec(type) is not null
                                                      select type;

    // Streams of requests are not served.
    public ICodec? FindCodec(ConnectContentType contentType) => (_type, contentType.IsStream, contentType.Codec) switch
    {
        (MethodType.Unary, false, ConnectContentType.Proto) or (MethodType.ServerStreaming, true, ConnectContentType.Proto) => _proto,
        (MethodType.Unary, false, ConnectContentType.Json) or (MethodType.ServerStreaming, true, ConnectContentType.Json) => _json,
        _ => null,
    };

    private static ServiceDescriptor? FindDescriptor(Endpoint endpoint, GrpcMethodMetadata method)
    {
        if (endpoint.Metadata.GetMetadata<ConnectDescriptor>() is { } named)
            return named.Service;

        // Generated code: the service's base class names the class that binds it, which holds the descriptor.
        var binding = method.ServiceType.GetCustomAttribute<BindServiceMethodAttribute>(inherit: true);
        return binding?.BindType.GetProperty("Descriptor", BindingFlags.Public | BindingFlags.Static)?.GetValue(null) as ServiceDescriptor;
    }

    private static int? FindReceiveLimit(Type serviceType, IServiceProvider services)
    {
        var own = typeof(IOptions<>).MakeGenericType(typeof(GrpcServiceOptions<>).MakeGenericType(serviceType));
        var ownOptions = ((IOptions<GrpcServiceOptions>)services.GetRequiredService(own)).Value;
        var options = ownOptions.MaxReceiveMessageSizeSpecified
            ? ownOptions
            : services.GetRequiredService<IOptions<GrpcServiceOptions>>().Value;
        return options.MaxReceiveMessageSizeSpecified ? options.MaxReceiveMessageSize : DefaultReceiveLimit;
    }
}
