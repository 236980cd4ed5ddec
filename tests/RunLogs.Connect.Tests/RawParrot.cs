using Google.Protobuf;
using Grpc.Core;

namespace RunLogs.Connect.Tests;

/// <summary>A parrot bound by hand that answers with bytes it encoded itself.</summary>
[BindServiceMethod(typeof(RawParrot), nameof(Bind))]
public class RawParrot
{
    private static readonly Method<SayRequest, byte[]> SayMethod = new(
        MethodType.Unary, "parrot.v1.RawParrotService", nameof(Say),
        Marshallers.Create(message => message.ToByteArray(), SayRequest.Parser.ParseFrom),
        Marshallers.Create(bytes => bytes, bytes => bytes));

    public static void Bind(ServiceBinderBase binder, RawParrot parrot) =>
        binder.AddMethod(SayMethod, (UnaryServerMethod<SayRequest, byte[]>)null!);

    public virtual Task<byte[]> Say(SayRequest request, ServerCallContext context) =>
        Task.FromResult(new SayResponse { Text = $"raw {request.Text}" }.ToByteArray());
}
