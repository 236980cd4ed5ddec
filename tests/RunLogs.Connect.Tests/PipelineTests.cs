using System.Net;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace RunLogs.Connect.Tests;

public sealed class PipelineTests
{
    [Fact]
    public async Task Interceptors_of_the_service_apply()
    {
        await using var server = await ParrotServer.StartAsync(services => services.AddGrpc(options => options.Interceptors.Add<RefusingInterceptor>()));

        using var response = await server.SendAsync("1.1", Requests.Json("{}"));

        Assert.Equal((400, "failed_precondition", "/parrot.v1.ParrotService/Say is closed"), await response.ErrorAsync());
    }

    [Theory, InlineData("1.1"), InlineData("2.0")]
    public async Task Middleware_before_the_service_can_refuse_the_call(string http)
    {
        await using var server = await ParrotServer.StartAsync(_ => { }, afterConnect: app => app.Use(async (HttpContext context, RequestDelegate _) =>
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            context.Response.ContentType = "text/plain";
            await context.Response.WriteAsync("not you");
        }));

        using var response = await server.SendAsync(http, Requests.Json("{}"));

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal("not you", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Middleware_before_the_service_sees_a_grpc_request()
    {
        string? seen = null;
        await using var server = await ParrotServer.StartAsync(_ => { }, afterConnect: app => app.Use((context, next) =>
        {
            seen = $"{context.Request.Protocol} {context.Request.ContentType} {context.Request.Path}";
            return next(context);
        }));

        using var response = await server.SendAsync("1.1", Requests.Json("{}"));

        Assert.Equal("HTTP/2 application/grpc /parrot.v1.ParrotService/Say", seen);
    }

    [Fact]
    public async Task The_request_is_itself_again_after_the_call()
    {
        var seen = new TaskCompletionSource<string>();
        await using var server = await ParrotServer.StartAsync(_ => { }, beforeConnect: app => app.Use(async (context, next) =>
        {
            await next(context);
            seen.SetResult($"{context.Request.Protocol} {context.Request.ContentType} {context.Response.StatusCode}");
        }));

        using var response = await server.SendAsync("1.1", Requests.Json("{}"));

        Assert.Equal("HTTP/1.1 application/json 200", await seen.Task.WaitAsync(TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public async Task A_service_that_encodes_its_own_answers_speaks_json_when_its_descriptor_is_given()
    {
        await using var without = await ParrotServer.StartAsync(_ => { }, afterConnect: app => app.MapGrpcService<RawParrot>());
        await using var with = await ParrotServer.StartAsync(_ => { }, afterConnect: app =>
            app.MapGrpcService<RawParrot>().WithMetadata(new ConnectDescriptor(ParrotService.Descriptor)));

        using var refused = await without.SendAsync("1.1", ToRaw(Requests.Json("""{"text":"a"}""")));
        using var proto = await without.SendAsync("1.1", ToRaw(Requests.Proto(new SayRequest { Text = "a" })));
        using var json = await with.SendAsync("1.1", ToRaw(Requests.Json("""{"text":"a"}""")));

        Assert.Equal("application/grpc, application/proto", refused.Header("Accept-Post"));
        Assert.Equal("raw a", SayResponse.Parser.ParseFrom(await proto.Content.ReadAsByteArrayAsync()).Text);
        Assert.Equal("raw a", (await json.JsonAsync()).GetProperty("text").GetString());
    }

    private static HttpRequestMessage ToRaw(HttpRequestMessage request)
    {
        request.RequestUri = new Uri("/parrot.v1.RawParrotService/Say", UriKind.Relative);
        return request;
    }

    private sealed class RefusingInterceptor : Interceptor
    {
        public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
            TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation) =>
            throw new RpcException(new Status(StatusCode.FailedPrecondition, $"{context.Method} is closed"));
    }
}
