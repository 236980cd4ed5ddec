using System.Net;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Grpc.Health.V1;
using Grpc.Reflection.V1Alpha;
using RunLogs.Protos.Flyte.Cluster;
using RunLogs.Protos.Flyte.Dataproxy;
using RunLogs.Protos.Flyte.Workflow;
using RunLogs.Protos.V1;
using IdempotencyLevel = Google.Protobuf.Reflection.MethodOptions.Types.IdempotencyLevel;

namespace RunLogs.EndToEnd.Tests;

/// <summary>Every method of every service, over every protocol that can carry it.</summary>
public sealed class EveryServiceTests(Rig rig) : IClassFixture<Rig>
{
    private static readonly ServiceDescriptor[] Services =
    [
        DataProxyService.Descriptor, RunLogsServiceReflection.Descriptor.Services[0], ClusterService.Descriptor, LogService.Descriptor,
        LogContextService.Descriptor, BackendService.Descriptor, Health.Descriptor,
    ];

    private static readonly MethodDescriptor[] Methods = [.. Services.SelectMany(service => service.Methods)];

    public static TheoryData<string, string> Calls => new MatrixTheoryData<string, string>(Methods.Select(method => method.FullName), WireProtocol.All);

    public static TheoryData<string, string> Gets => new MatrixTheoryData<string, string>(
        Methods.Where(method => !method.IsServerStreaming && method.GetOptions()?.IdempotencyLevel == IdempotencyLevel.NoSideEffects).Select(method => method.FullName),
        WireProtocol.All.Where(protocol => protocol.StartsWith("Connect", StringComparison.Ordinal)));

    [Theory, MemberData(nameof(Calls))]
    public async Task Is_served(string method, string protocol)
    {
        var called = Methods.Single(one => one.FullName == method);
        var run = await AddEndedRunAsync();

        var answer = await new WireProtocol(protocol).CallAsync(rig.Host, called, RequestOf(called, run));

        Assert.True(IsAnswer(answer, run), $"{answer}");
    }

    [Theory, MemberData(nameof(Gets))]
    public async Task Without_side_effects_is_served_by_GET(string method, string protocol)
    {
        var called = Methods.Single(one => one.FullName == method);
        var run = await AddEndedRunAsync();

        var answer = await new WireProtocol(protocol).GetAsync(rig.Host, called, RequestOf(called, run));

        Assert.True(IsAnswer(answer, run), $"{answer}");
    }

    [Fact]
    public async Task None_is_missing_here()
    {
        using var call = new ServerReflection.ServerReflectionClient(rig.Host.Channel).ServerReflectionInfo(cancellationToken: TestContext.Current.CancellationToken);
        await call.RequestStream.WriteAsync(new ServerReflectionRequest { ListServices = "" }, TestContext.Current.CancellationToken);
        await call.RequestStream.CompleteAsync();
        Assert.True(await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken));

        var served = call.ResponseStream.Current.ListServicesResponse.Service.Select(service => service.Name).Where(name => !name.StartsWith("grpc.reflection.", StringComparison.Ordinal));

        Assert.Equal(Services.Select(service => service.FullName).Order(StringComparer.Ordinal), served.Order(StringComparer.Ordinal));
    }

    // A stream of requests, which Connect's clients send over HTTP/2 only and this host over none.
    [Theory, InlineData("gRPC over HTTP/2"), InlineData("gRPC-Web over HTTP/1.1"), InlineData("gRPC-Web over HTTP/2")]
    public async Task Reflection_is_served(string protocol)
    {
        var method = ServerReflection.Descriptor.Methods[0];

        var answer = await new WireProtocol(protocol).CallAsync(rig.Host, method, new ServerReflectionRequest { ListServices = "" });

        Assert.Contains(((ServerReflectionResponse)answer).ListServicesResponse.Service, service => service.Name == LogService.Descriptor.FullName);
    }

    [Fact]
    public async Task Reflection_says_over_Connect_what_it_speaks()
    {
        using var content = new ByteArrayContent(ConnectStream.Envelope(0, [])) { Headers = { ContentType = new("application/connect+proto") } };

        using var response = await rig.Host.Http.PostAsync($"{ServerReflection.Descriptor.FullName}/ServerReflectionInfo", content, TestContext.Current.CancellationToken);

        Assert.Equal((HttpStatusCode.UnsupportedMediaType, "application/grpc"), (response.StatusCode, string.Join(", ", response.Headers.GetValues("Accept-Post"))));
    }

    private static IMessage RequestOf(MethodDescriptor method, string run) => method.Name switch
    {
        "TailLogs" when method.InputType == Protos.Flyte.Dataproxy.TailLogsRequest.Descriptor => new Protos.Flyte.Dataproxy.TailLogsRequest { ActionId = Rig.Action(run), Attempt = 1 },
        "TailLogs" when method.InputType == Protos.Flyte.Workflow.TailLogsRequest.Descriptor => new Protos.Flyte.Workflow.TailLogsRequest { ActionId = Rig.Action(run), Attempt = 1 },
        "TailLogs" => LogServiceTail.Of(run),
        "SelectCluster" => new SelectClusterRequest { ActionId = Rig.Action(run), Operation = SelectClusterRequest.Types.Operation.TailLogs },
        "PutLogContext" => new PutLogContextRequest { Record = Contexts.Record(Rig.Action(run)) },
        "GetLogContext" => new GetLogContextRequest { ActionId = Rig.Action(run), Attempt = 1 },
        "ListLogContexts" => new ListLogContextsRequest { Run = run },
        "DeleteLogContext" => new DeleteLogContextRequest { ActionId = Rig.Action(run), Attempt = 1 },
        "ListBackends" => new ListBackendsRequest(),
        "Check" or "Watch" => new HealthCheckRequest(),
        _ => throw new InvalidOperationException($"{method.FullName} is asked for nothing here."),
    };

    private bool IsAnswer(IMessage answer, string run) => answer switch
    {
        Protos.Flyte.Dataproxy.TailLogsResponse tail => tail.Logs[0].Lines[0].Message == "one\n",
        Protos.Flyte.Workflow.TailLogsResponse tail => tail.Logs[0].Lines[0].Message == "one\n",
        Protos.V1.TailLogsResponse tail => tail.Logs[0].Lines[0].Message.StartsWith("one", StringComparison.Ordinal),
        SelectClusterResponse cluster => cluster.ClusterEndpoint == rig.Host.HttpAddress.AbsoluteUri.TrimEnd('/') || cluster.ClusterEndpoint == rig.Host.GrpcAddress.AbsoluteUri.TrimEnd('/'),
        LogContextRecord record => record.ActionId.Run.Name == run,
        ListLogContextsResponse list => Assert.Single(list.Records).ActionId.Run.Name == run,
        Empty => true,
        ListBackendsResponse backends => backends.Backends.Any(backend => backend.Name == "Kubernetes"),
        HealthCheckResponse health => health.Status == HealthCheckResponse.Types.ServingStatus.Serving,
        _ => false,
    };

    private async Task<string> AddEndedRunAsync()
    {
        var (run, pod) = await rig.AddRunAsync();
        pod.Container("main").Append("one");
        pod.Container("main").Terminate();
        return run;
    }
}
