using Grpc.Core;

namespace RunLogs.Connect.Tests;

/// <summary>A service that does what the test at hand says.</summary>
internal sealed class Parrot(ParrotMind mind) : ParrotService.ParrotServiceBase
{
    public override Task<SayResponse> Say(SayRequest request, ServerCallContext context) => mind.Say(request, context);

    public override Task<SayResponse> Look(SayRequest request, ServerCallContext context) => mind.Say(request, context);

    public override Task Chatter(SayRequest request, IServerStreamWriter<SayResponse> responseStream, ServerCallContext context) =>
        mind.Chatter(request, responseStream, context);
}
