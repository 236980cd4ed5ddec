using Grpc.Core;

namespace RunLogs.Connect.Tests;

/// <summary>What the parrot does on a call; without more, it repeats what it was told.</summary>
internal sealed class ParrotMind
{
    public Func<SayRequest, ServerCallContext, Task<SayResponse>> Say { get; set; } =
        (request, _) => Task.FromResult(new SayResponse { Text = request.Text, Request = request });

    public Func<SayRequest, IServerStreamWriter<SayResponse>, ServerCallContext, Task> Chatter { get; set; } = async (request, stream, _) =>
    {
        for (var i = 0; i < request.Times; i++)
            await stream.WriteAsync(new SayResponse { Text = $"{request.Text}{i}" });
    };
}
