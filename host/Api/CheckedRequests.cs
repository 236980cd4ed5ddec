using Google.Protobuf;
using Grpc.Core;

namespace RunLogs.Host.Api;

/// <summary>Binds a service so that a request whose bytes are no message is its client's fault, told in a sentence.</summary>
/// <remarks>Bytes are read before any interceptor runs: what fails there would reach the client as Unknown.</remarks>
internal sealed class CheckedRequests(ServiceBinderBase binder) : ServiceBinderBase
{
    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler)
    {
        var requests = Marshallers.Create(method.RequestMarshaller.ContextualSerializer, Check(method.RequestMarshaller.ContextualDeserializer));
        binder.AddMethod(new Method<TRequest, TResponse>(method.Type, method.ServiceName, method.Name, requests, method.ResponseMarshaller), handler);
    }

    public static Func<DeserializationContext, T> Check<T>(Func<DeserializationContext, T> parse) => context =>
    {
        try
        {
            return parse(context);
        }
        catch (InvalidProtocolBufferException fault)
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, $"The request is no {typeof(T).Name}: {fault.Message}"));
        }
    };
}
