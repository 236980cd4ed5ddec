using Grpc.Core;

namespace RunLogs.Connect.Tests;

/// <summary>What the parrot does on a call; without more, it repeats what it was told.</summary>
internal sealed class ParrotMind
{
    public Func<SayRequest, ServerCallContext, Task<SayResponse>> Say { get; set; } =
        (request, _) => Task.FromResult(new SayResponse { Text = request.Text, Request = request });
}
