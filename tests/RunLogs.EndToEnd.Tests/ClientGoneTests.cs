using System.Net;
using System.Net.Http.Headers;
using RunLogs.EndToEnd.Tests.Seam;
using RunLogs.Testing;

namespace RunLogs.EndToEnd.Tests;

/// <summary>A client that goes away is no error of the host's: nothing in its log alarms anybody.</summary>
public sealed class ClientGoneTests
{
    private const string Alarm = "(?m)^(fail|crit|warn): ";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("runlogs.v1.LogService/TailLogs")]
    [InlineData("flyteidl2.dataproxy.DataProxyService/TailLogs")]
    [InlineData("runlogs.v1.BackendService/ListBackends")]
    public async Task While_its_request_is_still_on_its_way(string method)
    {
        var output = await RunAsync(async rig =>
        {
            using var http = new HttpClient();
            for (var call = 0; call < 20; call++)
            {
                using var content = new HalfMessage();
                using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(rig.Host.GrpcAddress, method))
                {
                    Version = HttpVersion.Version20,
                    VersionPolicy = HttpVersionPolicy.RequestVersionExact,
                    Content = content,
                };
                using var leave = new CancellationTokenSource();
                var answer = http.SendAsync(request, leave.Token);
                await content.Sent.WaitAsync(Patience, TestContext.Current.CancellationToken);
                // What was sent before this is there when it is answered, as a rule.
                await rig.Host.Http.GetStringAsync("/healthz", TestContext.Current.CancellationToken);

                await leave.CancelAsync();
                await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
            }
        });

        Assert.Contains("Reading message", output, StringComparison.Ordinal);
        Assert.DoesNotMatch(Alarm, output);
    }

    [Fact]
    public async Task At_any_moment_of_its_call()
    {
        var output = await RunAsync(async rig =>
        {
            var (run, pod) = await rig.AddRunAsync();
            pod.Container("main").Append(Enumerable.Range(0, 5000).Select(i => Some.Line($"line {i}", Some.Start.Add(TimeSpan.FromMilliseconds(i)))));
            var random = new Random(1);
            for (var call = 0; call < 100; call++)
            {
                using var ours = LogCall.Open(rig.Host, run);
                using var flytes = new FlyteCall(rig.Host, run);
                var read = Task.WhenAll(ours.ReadAsync(random.Next(1, 5000)), flytes.ReadAsync(random.Next(1, 5000)));
                await Task.WhenAny(read, Task.Delay(TimeSpan.FromMilliseconds(random.Next(20)), TimeProvider.System, TestContext.Current.CancellationToken));

                ours.Dispose();
                flytes.Dispose();
                await ((Task)read).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        });

        Assert.DoesNotMatch(Alarm, output);
    }

    // All that the host wrote until it had nothing of the calls left, and ended.
    private static async Task<string> RunAsync(Func<Rig, Task> calls)
    {
        await using var rig = await Rig.StartAsync("Logging:LogLevel:Grpc=Debug");
        await calls(rig);
        Assert.Empty(await rig.Host.FindLeftAsync(Patience));
        await rig.Host.TerminateAsync();
        return rig.Host.Output;
    }

    // The beginning of a gRPC message of 100 bytes; the rest never comes.
    private sealed class HalfMessage : HttpContent
    {
        private readonly TaskCompletionSource _sent = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public HalfMessage() => Headers.ContentType = new MediaTypeHeaderValue("application/grpc");

        public Task Sent => _sent.Task;

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            await stream.WriteAsync(new byte[] { 0, 0, 0, 0, 100, 1, 2, 3 }, cancellationToken);
            await stream.FlushAsync(cancellationToken);
            _sent.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
