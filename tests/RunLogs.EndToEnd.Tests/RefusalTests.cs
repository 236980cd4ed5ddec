using Google.Rpc;
using Grpc.Core;
using RunLogs.Abstractions;
using RunLogs.Protos.Flyte.Logs.Dataplane;
using RunLogs.Testing;
using RunLogs.Testing.Kubernetes;

namespace RunLogs.EndToEnd.Tests;

/// <summary>A Kubernetes API that refuses or cannot be reached.</summary>
public sealed class RefusalTests(Rig rig) : IClassFixture<Rig>
{
    private static readonly DateTimeOffset LongAgo = DateTimeOffset.FromUnixTimeSeconds(1_763_800_100);
    private static readonly WrittenLine Kept = new(LogTimestamp.FromUnixSeconds(1_763_800_000), "kept"u8.ToArray());

    [Theory]
    [InlineData(403, "Forbidden", "pods \"x\" is forbidden: User \"system:serviceaccount:flyte:unauthenticated\" cannot get resource \"pods/log\"", "FORBIDDEN")]
    [InlineData(401, "Unauthorized", "Unauthorized", "BACKEND_UNAUTHENTICATED")]
    public async Task A_refusal_is_PermissionDenied_in_words_that_no_client_logs_in_on(int code, string reason, string message, string verdict)
    {
        var (run, pod) = await rig.AddRunAsync();
        pod.LogAnswer = pod.StatusAnswer = FakeAnswer.Status(code, reason, message);
        using var call = Tail.Open(rig.Host, run);

        var failure = await Assert.ThrowsAsync<RpcException>(() => call.ReadAllAsync());

        Assert.Equal(StatusCode.PermissionDenied, failure.StatusCode);
        Assert.Contains("Kubernetes", failure.Status.Detail, StringComparison.Ordinal);
        AssertNoLoginWords(failure);
        var details = Google.Rpc.Status.Parser.ParseFrom(failure.Trailers.GetValueBytes("grpc-status-details-bin")).Details.Select(detail => detail.Unpack<ErrorInfo>()).ToList();
        Assert.Equal([("Kubernetes", verdict), ("Files", "NOT_FOUND")], details.Select(detail => (detail.Metadata["backend"], detail.Reason)));
    }

    [Fact]
    public async Task A_refusal_after_the_first_line_stays_PermissionDenied()
    {
        var (run, pod) = await rig.AddRunAsync();
        pod.Container("main").Append("one");
        using var call = Tail.Open(rig.Host, run);
        await call.NextAsync();
        pod.LogAnswer = pod.StatusAnswer = FakeAnswer.Status(403, "Forbidden", "no");

        rig.Api.Streams.Single(stream => stream.Pod == pod).Cut();
        var failure = await Assert.ThrowsAsync<RpcException>(() => call.ReadAllAsync());

        Assert.Equal(StatusCode.PermissionDenied, failure.StatusCode);
        AssertNoLoginWords(failure);
    }

    [Fact]
    public async Task An_outage_after_the_first_line_is_Aborted_once_its_budget_is_spent()
    {
        await using var impatient = await Rig.StartAsync("RunLogs:Retry:WhileFollowing=00:00:01");
        var (run, pod) = await impatient.AddRunAsync();
        pod.Container("main").Append("one");
        using var call = Tail.Open(impatient.Host, run);
        await call.NextAsync();
        pod.LogAnswer = pod.StatusAnswer = FakeAnswer.Text(503, "no server");

        impatient.Api.Streams.Single(stream => stream.Pod == pod).Cut();
        var failure = await Assert.ThrowsAsync<RpcException>(() => call.ReadAllAsync());

        Assert.Equal(StatusCode.Aborted, failure.StatusCode);
        Sentence.Check(failure.Status.Detail);
    }

    [Fact]
    public async Task An_API_that_cannot_be_reached_leaves_the_files_with_a_notice()
    {
        await using var unreachable = await StartUnreachableAsync();
        await unreachable.PutContextAsync("kept", "kept-a0-0", LongAgo);
        await unreachable.WriteFilesAsync("kept-a0-0", [Kept]);

        using var call = Tail.Open(unreachable.Host, "kept");
        var lines = await call.ResponseStream.ReadAllAsync(TestContext.Current.CancellationToken)
            .SelectMany(response => response.Logs.SelectMany(logs => logs.Lines)).ToListAsync(TestContext.Current.CancellationToken);

        Assert.Equal([LogLineOriginator.System, LogLineOriginator.User], lines.Select(line => line.Originator));
        Assert.StartsWith("[runlogs] Kubernetes failed and the next backend was asked: ", lines[0].Message, StringComparison.Ordinal);
        Assert.Equal("kept\n", lines[1].Message);
    }

    [Fact]
    public async Task Notices_are_part_of_a_page_unless_they_are_not_wanted()
    {
        await using var unreachable = await StartUnreachableAsync();
        await unreachable.PutContextAsync("kept", "kept-a0-0", LongAgo);
        await unreachable.WriteFilesAsync("kept-a0-0", [Kept]);
        const string Page = "/logs/flytesnacks/development/kept/a0/1";

        var text = await GetAsync(Page);
        var without = await GetAsync(Page + "?notices=false");
        var json = await GetAsync(Page, "application/x-ndjson");
        var events = await GetAsync(Page, "text/event-stream");

        Assert.Matches(@"^\[runlogs\] Kubernetes failed [^\n]+\nkept\n$", text);
        Assert.Equal("kept\n", without);
        Assert.Matches(@"^\{""timestamp"":""[^""]+"",""notice"":""Kubernetes failed [^\n]+"",""kind"":""SOURCE_FAILED""\}\n\{[^\n]+\}\n$", json);
        Assert.Matches(@"^event: notice\ndata: Kubernetes failed [^\n]+\n\nid: [\w-]+\ndata: kept\n\n$", events);

        async Task<string> GetAsync(string url, string accept = "text/plain")
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, url) { Headers = { { "Accept", accept } } };
            using var response = await unreachable.Host.Http.SendAsync(request, TestContext.Current.CancellationToken);
            return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task An_API_that_cannot_be_reached_is_Unavailable_when_the_files_have_nothing()
    {
        await using var unreachable = await StartUnreachableAsync();
        await unreachable.PutContextAsync("lost", "lost-a0-0", LongAgo);
        using var call = Tail.Open(unreachable.Host, "lost");

        var failure = await Assert.ThrowsAsync<RpcException>(() => call.ReadAllAsync());

        Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
        Assert.Contains("Kubernetes", failure.Status.Detail, StringComparison.Ordinal);
        Sentence.Check(failure.Status.Detail);
    }

    private static async Task<Rig> StartUnreachableAsync()
    {
        // Port 1 of the loopback: nothing listens there.
        var kubeConfig = Path.Combine(Directory.CreateTempSubdirectory("runlogs-kubeconfig-").FullName, "kubeconfig");
        await File.WriteAllTextAsync(kubeConfig, """
            {"apiVersion":"v1","kind":"Config","current-context":"c","clusters":[{"name":"c","cluster":{"server":"http://127.0.0.1:1"}}],
             "contexts":[{"name":"c","context":{"cluster":"c","user":"u"}}],"users":[{"name":"u","user":{"token":"t"}}]}
            """);
        try
        {
            return await Rig.StartAsync($"RunLogs:Backends:Kubernetes:KubeConfig={kubeConfig}", "RunLogs:Retry:BeforeFirstLine=00:00:01");
        }
        finally
        {
            // Read once, when the backend starts.
            Directory.Delete(Path.GetDirectoryName(kubeConfig)!, recursive: true);
        }
    }

    private static void AssertNoLoginWords(RpcException failure)
    {
        Assert.DoesNotContain("unauthorized", failure.Status.Detail, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("unauthenticated", failure.Status.Detail, StringComparison.OrdinalIgnoreCase);
    }
}
