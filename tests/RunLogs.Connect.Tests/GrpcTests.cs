using System.Net;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;

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

    [Theory, InlineData(true), InlineData(false)]
    public async Task Grpc_web_is_served_beside_connect_in_either_order(bool webFirst)
    {
        static void UseWeb(WebApplication app) => app.UseGrpcWeb(new GrpcWebOptions { DefaultEnabled = true });
        await using var server = webFirst
            ? await ParrotServer.StartAsync(_ => { }, beforeConnect: UseWeb)
            : await ParrotServer.StartAsync(_ => { }, afterConnect: UseWeb);

        using var web = await server.SendAsync("1.1", Requests.Body([0, 0, 0, 0, 3, 0x0a, 1, (byte)'a'], "application/grpc-web+proto"));
        using var connect = await server.SendAsync("1.1", Requests.Json("""{"text":"a"}"""));

        Assert.Equal("application/grpc-web", web.Content.Headers.ContentType?.ToString());
        Assert.EndsWith("grpc-status: 0\r\n", await web.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("a", (await connect.JsonAsync()).GetProperty("text").GetString());
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
