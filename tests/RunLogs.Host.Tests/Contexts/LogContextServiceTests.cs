using Dapper;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RunLogs.Host.Contexts;
using RunLogs.Host.Settings;
using RunLogs.Protos.Flyte.Core;
using RunLogs.Protos.V1;

namespace RunLogs.Host.Tests.Contexts;

public sealed class LogContextServiceTests : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private WebApplication _app = null!;
    private GrpcChannel _channel = null!;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.Configure<RunLogsOptions>(options => options.DataDirectory = _directory.Path);
        builder.Services.AddLogContexts();
        builder.Services.AddGrpc(grpc => grpc.Interceptors.Add<RunLogs.Host.Api.FailureInterceptor>());
        _app = builder.Build();
        _app.MapGrpcService<RunLogs.Host.Api.LogContextService>();
        await _app.MigrateLogContextsAsync();
        await _app.StartAsync();
        _channel = GrpcChannel.ForAddress(_app.Urls.Single());
    }

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await _app.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task What_is_put_can_be_got_listed_and_deleted()
    {
        var put = await CallAsync<LogContextRecord>("PutLogContext", new PutLogContextRequest { Record = Some.Record() });
        var got = await CallAsync<LogContextRecord>("GetLogContext", new GetLogContextRequest { ActionId = Some.Action(org: "") });
        var listed = await CallAsync<ListLogContextsResponse>("ListLogContexts", new ListLogContextsRequest());
        await CallAsync<Empty>("DeleteLogContext", new DeleteLogContextRequest { ActionId = Some.Action(), Attempt = 1 });
        var gone = await FailAsync("GetLogContext", new GetLogContextRequest { ActionId = Some.Action(), Attempt = 1 });

        Assert.Equal(Some.Record(), put);
        Assert.Equal(Some.Record(), got);
        Assert.Equal([Some.Record()], listed.Records);
        Assert.Equal((StatusCode.NotFound, "no log context found for action acme/shop/development/run1/a0 attempt 1"), (gone.StatusCode, gone.Status.Detail));
    }

    [Fact]
    public async Task A_malformed_context_is_refused_with_every_fault_named_and_nothing_is_stored()
    {
        var record = Some.Record();
        record.ActionId.Run.Project = "";
        record.LogContext.PrimaryPodName = "x";
        record.LogContext.Pods.Add(new PodLogContext { Namespace = "flyte", PodName = "a/b" });

        var refused = await FailAsync("PutLogContext", new PutLogContextRequest { Record = record });

        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        Assert.Equal(
            "record.action_id.run.project is required; record.log_context.primary_pod_name \"x\" names no pod of the context; "
            + "record.log_context.pods[1].pod_name \"a/b\" is not a Kubernetes name", refused.Status.Detail);
        Assert.Empty((await CallAsync<ListLogContextsResponse>("ListLogContexts", new ListLogContextsRequest())).Records);
    }

    [Fact]
    public async Task Faults_are_also_told_as_violations_of_fields()
    {
        var refused = await FailAsync("PutLogContext", new PutLogContextRequest());

        var status = Google.Rpc.Status.Parser.ParseFrom(refused.Trailers.GetValueBytes("grpc-status-details-bin"));
        var violation = Assert.Single(Assert.Single(status.Details).Unpack<BadRequest>().FieldViolations);
        Assert.Equal(((int)StatusCode.InvalidArgument, "record is required"), (status.Code, status.Message));
        Assert.Equal(("record", "is required"), (violation.Field, violation.Description));
    }

    [Fact]
    public async Task Endless_faults_still_arrive()
    {
        var record = Some.Record();
        record.LogContext.Pods.Add(Enumerable.Range(0, 900).Select(_ => new PodLogContext { PodName = new string('"', 100) }));

        var refused = await FailAsync("PutLogContext", new PutLogContextRequest { Record = record });

        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        Assert.EndsWith("; and more", refused.Status.Detail, StringComparison.Ordinal);
        Assert.NotNull(refused.Trailers.GetValueBytes("grpc-status-details-bin"));
    }

    [Fact]
    public async Task Requests_without_an_action_are_refused_by_every_call()
    {
        var get = await FailAsync("GetLogContext", new GetLogContextRequest());
        var delete = await FailAsync("DeleteLogContext", new DeleteLogContextRequest { ActionId = new() { Name = "a0" } });

        Assert.Equal((StatusCode.InvalidArgument, "action_id is required"), (get.StatusCode, get.Status.Detail));
        Assert.Equal(
            (StatusCode.InvalidArgument, "action_id.run is required; attempt is 0; name the attempt to delete, they count from 1"),
            (delete.StatusCode, delete.Status.Detail));
    }

    [Fact]
    public async Task Attempt_zero_is_neither_written_nor_deleted()
    {
        await CallAsync<LogContextRecord>("PutLogContext", new PutLogContextRequest { Record = Some.Record() });

        var put = await FailAsync("PutLogContext", new PutLogContextRequest { Record = Some.Record(attempt: 0) });
        var delete = await FailAsync("DeleteLogContext", new DeleteLogContextRequest { ActionId = Some.Action() });

        Assert.Equal((StatusCode.InvalidArgument, "record.attempt is 0; attempts count from 1"), (put.StatusCode, put.Status.Detail));
        Assert.Equal((StatusCode.InvalidArgument, "attempt is 0; name the attempt to delete, they count from 1"), (delete.StatusCode, delete.Status.Detail));
        Assert.Single((await CallAsync<ListLogContextsResponse>("ListLogContexts", new ListLogContextsRequest())).Records);
    }

    [Fact]
    public async Task A_delete_that_cannot_choose_is_a_failed_precondition()
    {
        await CallAsync<LogContextRecord>("PutLogContext", new PutLogContextRequest { Record = Some.Record(org: "a") });
        await CallAsync<LogContextRecord>("PutLogContext", new PutLogContextRequest { Record = Some.Record(org: "b") });

        var refused = await FailAsync("DeleteLogContext", new DeleteLogContextRequest { ActionId = Some.Action(org: ""), Attempt = 1 });

        Assert.Equal(StatusCode.FailedPrecondition, refused.StatusCode);
        Assert.Contains("has log contexts of 2 orgs: \"a\", \"b\".", refused.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_follow_one_another_by_their_tokens()
    {
        for (var i = 0; i < 105; i++)
        {
            await CallAsync<LogContextRecord>("PutLogContext", new PutLogContextRequest { Record = Some.Record(run: $"run{i}") });
        }

        var first = await CallAsync<ListLogContextsResponse>("ListLogContexts", new ListLogContextsRequest());
        var second = await CallAsync<ListLogContextsResponse>("ListLogContexts", new ListLogContextsRequest { PageToken = first.NextPageToken, PageSize = 1000 });

        Assert.Equal(100, first.Records.Count);
        Assert.Equal(["run4", "run3", "run2", "run1", "run0"], second.Records.Select(record => record.ActionId.Run.Name));
        Assert.Equal("", second.NextPageToken);
    }

    [Theory]
    [InlineData("x", "\"x\"")]
    [InlineData("AQAAAAAAAAAA", "\"AQAAAAAAAAAA\"")]
    [InlineData("AgAAAAAAAAAB", "\"AgAAAAAAAAAB\"")]
    [InlineData("AQAAAAAAAAAB=", "\"AQAAAAAAAAAB=\"")]
    [InlineData("Af__________", "\"Af__________\"")]
    [InlineData("AQAAAAAA AAA", "\"AQAAAAAA AAA\"")]
    [InlineData("'; DROP--\n\"", "\"'; DROP--\\u000A\\\"\"")]
    public async Task A_token_that_was_not_given_is_refused(string token, string quoted)
    {
        var refused = await FailAsync("ListLogContexts", new ListLogContextsRequest { PageToken = token });

        Assert.Equal((StatusCode.InvalidArgument, $"page_token {quoted} is none that ListLogContexts gave"), (refused.StatusCode, refused.Status.Detail));
    }

    [Fact]
    public async Task Every_fault_of_a_list_is_named()
    {
        var refused = await FailAsync("ListLogContexts", new ListLogContextsRequest { Org = "a/b", Run = new string('r', 1 << 20), PageSize = 1001, PageToken = "x" });

        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        Assert.Equal(
            "org \"a/b\" holds a slash, a backslash, a quote or a control character; "
            + $"run \"{new string('r', 64)}…\" is longer than 63 characters; "
            + "page_size is 1001; at most 1000 records are given at once; page_token \"x\" is none that ListLogContexts gave", refused.Status.Detail);
    }

    [Fact]
    public async Task A_megabyte_of_a_name_is_refused_and_the_host_goes_on()
    {
        var refused = await FailAsync("PutLogContext", new PutLogContextRequest { Record = Some.Record(run: new string('r', 1 << 20)) });
        var put = await CallAsync<LogContextRecord>("PutLogContext", new PutLogContextRequest { Record = Some.Record() });

        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        Assert.Matches("^record is 10[0-9]{5} bytes long; at most 262144 are kept$", refused.Status.Detail);
        Assert.Equal(Some.Record(), put);
    }

    [Fact]
    public async Task A_lost_table_is_unavailable_with_a_sentence_and_no_stack_trace()
    {
        await _app.Services.GetRequiredService<IContextDatabase>().WriteAsync((connection, transaction) => connection.ExecuteAsync("DROP TABLE log_contexts", transaction: transaction), CancellationToken.None);

        var failed = await FailAsync("PutLogContext", new PutLogContextRequest { Record = Some.Record() });

        Assert.Equal(
            (StatusCode.Unavailable, "The context database runlogs.db cannot be written: SQLite Error 1: 'no such table: log_contexts'."),
            (failed.StatusCode, failed.Status.Detail));
    }

    // The host's assembly has the server's side of the service only.
    private async Task<T> CallAsync<T>(string name, IMessage request)
        where T : class, IMessage, new()
    {
        var method = new Method<IMessage, T>(
            MethodType.Unary, "runlogs.v1.LogContextService", name,
            Marshallers.Create<IMessage>(message => message.ToByteArray(), _ => throw new NotSupportedException()),
            Marshallers.Create(message => message.ToByteArray(), Parse<T>));
        var deadline = TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(60);
        return await _channel.CreateCallInvoker().AsyncUnaryCall(method, null, new CallOptions(deadline: deadline), request);
    }

    private Task<RpcException> FailAsync(string name, IMessage request) => Assert.ThrowsAsync<RpcException>(() => CallAsync<Empty>(name, request));

    private static T Parse<T>(byte[] bytes)
        where T : IMessage, new()
    {
        var message = new T();
        message.MergeFrom(bytes);
        return message;
    }
}
