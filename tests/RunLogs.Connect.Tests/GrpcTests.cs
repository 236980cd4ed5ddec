using System.Net;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;

namespace RunLogs.Connect.Tests;

public sealed class GrpcTests
{
    [Fact]
    public async Task The_same_port_still_serves_grpc()
    {
        await using var server = await ParrotServer.StartAsync();
        using var channel = GrpcChannel.ForAddress(server.Http2);

        var answer = await new ParrotService.ParrotServiceClient(channel).SayAsync(new SayRequest { Text = "a" });

        Assert.Equal("a", answer.Text);
    }

    [Fact]
    public async Task A_message_above_the_limit_keeps_its_grpc_answer()
    {
        await using var server = await ParrotServer.StartAsync();
        using var channel = GrpcChannel.ForAddress(server.Http2, new GrpcChannelOptions { MaxSendMessageSize = null });

        var fault = await Assert.ThrowsAsync<RpcException>(async () =>
            await new ParrotService.ParrotServiceClient(channel).SayAsync(new SayRequest { Text = new string('a', 5_000_000) }));

        Assert.Equal(StatusCode.ResourceExhausted, fault.StatusCode);
    }

    [Fact]
    public async Task Two_messages_on_a_unary_call_keep_their_grpc_answer()
    {
        await using var server = await ParrotServer.StartAsync();
        var frame = new byte[] { 0, 0, 0, 0, 3, 0x0a, 1, (byte)'a' };

        using var response = await server.SendAsync("2.0", Requests.Body([.. frame, .. frame], "application/grpc"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/grpc", response.Content.Headers.ContentType?.ToString());
        Assert.Equal(((int)StatusCode.Internal).ToString(), response.Header("grpc-status"));
    }

    [Fact]
    public async Task An_unknown_method_keeps_its_grpc_answer()
    {
        await using var server = await ParrotServer.StartAsync();
        var request = Requests.Body([0, 0, 0, 0, 0], "application/grpc");
        request.RequestUri = new Uri("/parrot.v1.ParrotService/Sing", UriKind.Relative);

        using var response = await server.SendAsync("2.0", request);

        Assert.Equal(((int)StatusCode.Unimplemented).ToString(), response.Header("grpc-status"));
    }
}
