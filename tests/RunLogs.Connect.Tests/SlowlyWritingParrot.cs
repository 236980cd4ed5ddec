using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;

namespace RunLogs.Connect.Tests;

/// <summary>A parrot bound by hand that stops in the middle of writing a message until it is told to go on.</summary>
[BindServiceMethod(typeof(SlowlyWritingParrot), nameof(Bind))]
public class SlowlyWritingParrot : IDisposable
{
    public const string Path = "/parrot.v1.SlowParrotService/Chatter";

    private static readonly Method<SayRequest, SlowlyWritingParrot> ChatterMethod = new(
        MethodType.ServerStreaming, "parrot.v1.SlowParrotService", nameof(Chatter),
        Marshallers.Create(message => message.ToByteArray(), SayRequest.Parser.ParseFrom),
        Marshallers.Create<SlowlyWritingParrot>((parrot, context) => parrot.Write(context), _ => throw new NotSupportedException()));

    private readonly ManualResetEventSlim _goOn = new();
    private readonly TaskCompletionSource _timeIsOver = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool BreaksOff { get; init; }

    public Task TimeIsOver => _timeIsOver.Task;

    public void GoOn() => _goOn.Set();

    public static void AddTo(IServiceCollection services, SlowlyWritingParrot parrot) => services.AddSingleton(parrot);

    public static void Bind(ServiceBinderBase binder, SlowlyWritingParrot parrot) =>
        binder.AddMethod(ChatterMethod, (ServerStreamingServerMethod<SayRequest, SlowlyWritingParrot>)null!);

    public virtual async Task Chatter(SayRequest request, IServerStreamWriter<SlowlyWritingParrot> stream, ServerCallContext context)
    {
        await context.WriteResponseHeadersAsync([]);
        await using var registration = context.CancellationToken.Register(() => _timeIsOver.TrySetResult());
        await stream.WriteAsync(this);
    }

    public void Dispose()
    {
        _goOn.Dispose();
        GC.SuppressFinalize(this);
    }

    private void Write(SerializationContext context)
    {
        context.SetPayloadLength(6);
        var output = context.GetBufferWriter();
        "slow"u8.CopyTo(output.GetSpan(4));
        output.Advance(4);
        _goOn.Wait(TimeSpan.FromSeconds(20));
        if (BreaksOff)
            throw new InvalidOperationException("The parrot fell asleep.");
        "ly"u8.CopyTo(output.GetSpan(2));
        output.Advance(2);
        context.Complete();
    }
}
