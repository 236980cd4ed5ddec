using System.Text.RegularExpressions;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Reflection.V1Alpha;
using RunLogs.Protos.V1;

namespace RunLogs.EndToEnd.Tests;

/// <summary>What generic gRPC tools see.</summary>
public sealed partial class ProtocolTests(Rig rig) : IClassFixture<Rig>
{
    private const string DataProxy = "flyteidl2.dataproxy.DataProxyService";
    private const string RunLogsOfFlyte = "flyteidl2.workflow.RunLogsService";
    private const string Contexts = "runlogs.v1.LogContextService";
    private const string Backends = "runlogs.v1.BackendService";

    [Fact]
    public async Task Health_is_served_over_gRPC()
    {
        using var watch = new Health.HealthClient(rig.Host.Channel).Watch(new HealthCheckRequest(), cancellationToken: TestContext.Current.CancellationToken);

        var status = await watch.ResponseStream.ReadAllAsync(TestContext.Current.CancellationToken)
            .FirstAsync(response => response.Status == HealthCheckResponse.Types.ServingStatus.Serving, TestContext.Current.CancellationToken)
            .AsTask().WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        Assert.NotNull(status);
    }

    [Fact]
    public async Task Reflection_lists_every_service()
    {
        var response = await AskAsync(new ServerReflectionRequest { ListServices = "" });

        var services = response.ListServicesResponse.Service.Select(service => service.Name).Order(StringComparer.Ordinal);
        Assert.Equal(["flyteidl2.cluster.ClusterService", DataProxy, RunLogsOfFlyte, "grpc.health.v1.Health", Backends, Contexts, "runlogs.v1.LogService"], services.Where(name => !name.StartsWith("grpc.reflection.", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(DataProxy, "TailLogs", ".flyteidl2.dataproxy.TailLogsRequest", ".flyteidl2.dataproxy.TailLogsResponse", true)]
    [InlineData(RunLogsOfFlyte, "TailLogs", ".flyteidl2.workflow.TailLogsRequest", ".flyteidl2.workflow.TailLogsResponse", true)]
    [InlineData("flyteidl2.cluster.ClusterService", "SelectCluster", ".flyteidl2.cluster.SelectClusterRequest", ".flyteidl2.cluster.SelectClusterResponse", false)]
    [InlineData(Contexts, "PutLogContext", ".runlogs.v1.PutLogContextRequest", ".runlogs.v1.LogContextRecord", false)]
    [InlineData(Backends, "ListBackends", ".runlogs.v1.ListBackendsRequest", ".runlogs.v1.ListBackendsResponse", false)]
    public async Task Reflection_resolves_every_method_with_its_messages(string service, string method, string request, string answer, bool streams)
    {
        var response = await AskAsync(new ServerReflectionRequest { FileContainingSymbol = service });

        var files = response.FileDescriptorResponse.FileDescriptorProto.Select(FileDescriptorProto.Parser.ParseFrom).ToList();
        var described = files.SelectMany(file => file.Service.Where(one => $"{file.Package}.{one.Name}" == service)).Single().Method.Single(one => one.Name == method);
        Assert.Equal((request, answer, streams), (described.InputType, described.OutputType, described.ServerStreaming));
        var messages = files.SelectMany(file => file.MessageType.Select(message => $".{file.Package}.{message.Name}")).ToList();
        Assert.Contains(request, messages);
        Assert.Contains(answer, messages);
    }

    [Theory]
    [InlineData("application/grpc", "2.0")]
    [InlineData("application/grpc-web", "1.1")]
    [InlineData("application/connect+proto", "1.1")]
    public async Task The_closing_record_goes_out_without_padding(string contentType, string http)
    {
        var (run, pod) = await rig.AddRunAsync();
        pod.Container("main").Append("one");
        pod.Container("main").Terminate();
        using var client = new HttpClient { BaseAddress = http == "2.0" ? rig.Host.GrpcAddress : rig.Host.HttpAddress, DefaultRequestVersion = Version.Parse(http), DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using var content = new ByteArrayContent(ConnectStream.Envelope(0, new Protos.Flyte.Dataproxy.TailLogsRequest { ActionId = Rig.Action(run), Attempt = 1 }.ToByteArray()));
        content.Headers.ContentType = new(contentType);

        using var response = await client.PostAsync($"{DataProxy}/TailLogs", content, TestContext.Current.CancellationToken);

        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var sent = response.TrailingHeaders.TryGetValues("runlogs-closing-bin", out var trailer) ? trailer.Single() : ClosingRecord().Match(body).Groups[1].Value;
        Assert.NotEmpty(sent);
        Assert.DoesNotContain('=', sent);
        Assert.Equal(1UL, Closing.Parser.ParseFrom(Convert.FromBase64String(sent.PadRight((sent.Length + 3) / 4 * 4, '='))).Lines);
    }

    // In gRPC-Web's trailers, or in the last envelope's JSON.
    [GeneratedRegex("""runlogs-closing-bin(?:: |":\[")([A-Za-z0-9+/=]+)""")]
    private static partial Regex ClosingRecord();

    private async Task<ServerReflectionResponse> AskAsync(ServerReflectionRequest request)
    {
        using var call = new ServerReflection.ServerReflectionClient(rig.Host.Channel).ServerReflectionInfo(cancellationToken: TestContext.Current.CancellationToken);
        await call.RequestStream.WriteAsync(request, TestContext.Current.CancellationToken);
        await call.RequestStream.CompleteAsync();
        return await call.ResponseStream.ReadAllAsync(TestContext.Current.CancellationToken).SingleAsync(TestContext.Current.CancellationToken);
    }
}
