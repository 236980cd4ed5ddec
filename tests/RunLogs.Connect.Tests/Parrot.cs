using Grpc.Core;

namespace RunLogs.Connect.Tests;

/// <summary>A service that does what the test at hand says.</summary>
internal sealed class Parrot(ParrotMind mind) : ParrotService.ParrotServiceBase
{
    public override Task<SayResponse> Say(SayRequest request, ServerCallContext context) => mind.Say(request, context);
}
