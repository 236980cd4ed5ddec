using System.Net;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

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

    [Fact]
    public async Task Interceptors_of_the_service_apply_to_streams_too()
    {
        await using var server = await ParrotServer.StartAsync(services => services.AddGrpc(options => options.Interceptors.Add<RefusingInterceptor>()));

        using var response = await server.SendAsync("1.1", Requests.Chatter(new SayRequest()));

        Assert.Equal(("failed_precondition", "/parrot.v1.ParrotService/Chatter is closed"), (await response.ReadStreamAsync()).End.Error());
    }

    public static TheoryData<string, string, string?> Calls => new()
    {
        { "POST", ParrotServer.SayPath, "application/json" }, { "POST", ParrotServer.LookPath, "application/proto" }, { "POST", ParrotServer.ChatterPath, "application/connect+json" },
        { "GET", $"{ParrotServer.LookPath}?encoding=json&message=%7b%7d", null }, { "POST", ParrotServer.SayPath, "application/grpc" },
    };

    [Theory, MemberData(nameof(Calls))]
    public async Task Authorization_of_the_service_applies(string verb, string path, string? contentType)
    {
        await using var server = await ParrotServer.StartAsync(
            AddDoor, afterConnect: app => app.UseAuthentication().UseAuthorization(), service: parrot => parrot.RequireAuthorization());

        using var refused = await server.SendAsync("2.0", RequestOf(verb, path, contentType));
        using var served = await server.SendAsync("2.0", RequestOf(verb, path, contentType).With("Authorization", Door.Key));

        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Equal("", await refused.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
    }

    [Fact]
    public async Task A_get_does_not_slip_past_authorization_that_stands_before_Connect()
    {
        await using var server = await ParrotServer.StartAsync(
            AddDoor, beforeConnect: app => app.UseRouting().UseAuthentication().UseAuthorization(), service: parrot => parrot.RequireAuthorization());
        server.ExpectsErrors = true;
        server.Mind.Say = (_, _) => throw new InvalidOperationException("not to be called");

        using var response = await server.SendAsync("1.1", RequestOf("GET", $"{ParrotServer.LookPath}?encoding=json&message=%7b%7d", null));

        // The endpoint misses the authorization that was to have seen it.
        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
    }

    [Theory, MemberData(nameof(Calls))]
    public async Task Endpoint_filters_of_the_service_apply(string verb, string path, string? contentType)
    {
        await using var server = await ParrotServer.StartAsync(_ => { }, service: parrot => parrot.AddEndpointFilter(async (context, next) =>
        {
            if (context.HttpContext.Request.Headers.ContainsKey("x-shut"))
                return TypedResults.StatusCode(StatusCodes.Status403Forbidden);

            context.HttpContext.Response.Headers["x-filtered"] = "yes";
            return await next(context);
        }));

        using var refused = await server.SendAsync("2.0", RequestOf(verb, path, contentType).With("x-shut", "1"));
        using var served = await server.SendAsync("2.0", RequestOf(verb, path, contentType));

        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Equal((HttpStatusCode.OK, "yes"), (served.StatusCode, served.Header("x-filtered")));
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

    private static HttpRequestMessage RequestOf(string verb, string path, string? contentType)
    {
        if (verb == "GET")
            return new HttpRequestMessage(HttpMethod.Get, path);

        var message = contentType!.EndsWith("json", StringComparison.Ordinal) ? "{}"u8.ToArray() : [];
        return Requests.Body(contentType.Contains("connect", StringComparison.Ordinal) || contentType.Contains("grpc", StringComparison.Ordinal) ? Envelopes.Of(0, message) : message, contentType).To(path);
    }

    private static void AddDoor(IServiceCollection services)
    {
        services.AddAuthentication(nameof(Door)).AddScheme<AuthenticationSchemeOptions, Door>(nameof(Door), null);
        services.AddAuthorization();
    }

    /// <summary>Lets in who has the key.</summary>
    private sealed class Door(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
    {
        public const string Key = "Key sesame";

        protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(Request.Headers.Authorization == Key
            ? AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity(nameof(Door))), nameof(Door)))
            : AuthenticateResult.NoResult());
    }

    private sealed class RefusingInterceptor : Interceptor
    {
        public override Task ServerStreamingServerHandler<TRequest, TResponse>(
            TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation) =>
            throw new RpcException(new Status(StatusCode.FailedPrecondition, $"{context.Method} is closed"));

        public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
            TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation) =>
            throw new RpcException(new Status(StatusCode.FailedPrecondition, $"{context.Method} is closed"));
    }
}
