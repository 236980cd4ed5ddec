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

    [Theory]
    [InlineData("2.0", "application/grpc", "AQ", false)]
    [InlineData("2.0", "application/grpc", "AQ==", true)]
    [InlineData("1.1", "application/grpc-web", "AQ==", false)]
    [InlineData("1.1", "application/grpc-web", "AQ", true)]
    [InlineData("1.1", "application/proto", "AQ", false)]
    [InlineData("1.1", "application/proto", "AQ==", true)]
    public async Task Binary_metadata_is_taken_padded_or_not_and_sent_unpadded(string http, string contentType, string sent, bool fails)
    {
        await using var server = await ParrotServer.StartAsync(_ => { }, afterConnect: app => app.UseGrpcWeb(new GrpcWebOptions { DefaultEnabled = true }).UseBinaryMetadata());
        byte[]? asked = null;
        server.Mind.Say = async (request, context) =>
        {
            asked = context.RequestHeaders.GetValueBytes("x-ask-bin");
            context.ResponseTrailers.Add("x-tail-bin", [2]);
            if (fails)
                throw new RpcException(new Status(StatusCode.NotFound, "gone"));

            await context.WriteResponseHeadersAsync(new Metadata { { "x-lead-bin", [1] } });
            return new SayResponse();
        };

        using var response = await server.SendAsync(http, Requests.Body(contentType == "application/proto" ? [] : [0, 0, 0, 0, 0], contentType).With("x-ask-bin", sent));

        Assert.Equal([1], asked!);
        Assert.True(fails || response.Header("x-lead-bin") == "AQ");
        var body = await response.Content.ReadAsStringAsync();
        Assert.Equal("Ag", contentType switch
        {
            "application/grpc-web" when !fails => body.Split("\r\n").Single(line => line.Contains("x-tail-bin", StringComparison.Ordinal)).Split("x-tail-bin: ")[1],
            "application/proto" => response.Header("trailer-x-tail-bin"),
            "application/grpc" when !fails => response.TrailingHeaders.GetValues("x-tail-bin").Single(),
            _ => response.Header("x-tail-bin"),
        });
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
