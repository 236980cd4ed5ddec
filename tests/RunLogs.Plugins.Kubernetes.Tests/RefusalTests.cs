using System.Text.Json.Nodes;
using RunLogs.Abstractions;
using RunLogs.Testing;
using RunLogs.Testing.Kubernetes;

namespace RunLogs.Plugins.Kubernetes.Tests;

public sealed class RefusalTests : FakeClusterTests
{
    private static FakeAnswer Forbidden => FakeAnswer.Status(403, "Forbidden", "pods \"ticker\" is forbidden: User \"nobody\" cannot get resource \"pods/log\" in API group \"\" in the namespace \"rig\"");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_missing_pod_is_not_found(bool tls)
    {
        await UseAsync(tls);

        var refusal = await RefusedAsync(Request with { Pod = "nope" });

        Assert.Equal((LogStreamError.NotFound, "pod nope not found in namespace rig", "NOT_FOUND"), (refusal.Error, refusal.Message, refusal.Reason));
    }

    [Fact]
    public async Task A_pod_of_that_name_with_another_uid_is_not_found()
    {
        Pod.Container("c").Append("x");

        var refusal = await RefusedAsync(Request with { PodUid = "another" });

        Assert.Equal((LogStreamError.NotFound, "pod ticker not found in namespace rig", "NOT_FOUND"), (refusal.Error, refusal.Message, refusal.Reason));
    }

    [Fact]
    public async Task Refused_credentials_are_ours()
    {
        Pod.Container("c").Append("x");
        Api.RequiredToken = "another";

        var refusal = await RefusedAsync(Request);

        Assert.Equal((LogStreamError.PermissionDenied, "Kubernetes refused our credentials", "BACKEND_UNAUTHENTICATED"), (refusal.Error, refusal.Message, refusal.Reason));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_missing_right_is_named(bool ofTheLog)
    {
        Pod.Container("c").Append("x");
        Pod.StatusAnswer = ofTheLog ? null : Forbidden;
        Pod.LogAnswer = Forbidden;

        var refusal = await RefusedAsync(Request);

        Assert.Equal((LogStreamError.PermissionDenied, "FORBIDDEN"), (refusal.Error, refusal.Reason));
        Assert.Contains("pods/log", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("namespace rig", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_throttled_request_carries_how_long_to_wait()
    {
        Pod.StatusAnswer = FakeAnswer.Throttled(7);

        var refusal = await RefusedAsync(Request);

        Assert.Equal((LogStreamError.RateLimited, TimeSpan.FromSeconds(7)), (refusal.Error, refusal.RetryAfter));
    }

    [Theory]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    public async Task A_kubelet_or_server_that_fails_is_unavailable(int code)
    {
        Pod.Container("c").Append("x");
        Pod.LogAnswer = FakeAnswer.Status(code, null, "Get \"https://127.0.0.1:10250/containerLogs/rig/ticker/c?tailLines=1\": dial tcp 127.0.0.1:10250: connect: connection refused");

        var refusal = await RefusedAsync(Request);

        Assert.Equal((LogStreamError.Unavailable, "UNREACHABLE"), (refusal.Error, refusal.Reason));
        Assert.DoesNotContain("10250", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pods/log", "ticker", "the server could not find the requested resource ( pods/log ticker)", "UNREACHABLE")]
    [InlineData("pods", "ghost", "pods \"ghost\" not found", "NODE_GONE")]
    public async Task A_kubelet_or_node_that_is_not_there_yet_is_no_missing_pod(string kind, string name, string message, string reason)
    {
        Pod.Container("c").Append("x");
        Pod.LogAnswer = FakeAnswer.Status(404, "NotFound", message, new JsonObject { ["name"] = name, ["kind"] = kind });

        var refusal = await RefusedAsync(Request);

        Assert.Equal((LogStreamError.Unavailable, reason), (refusal.Error, refusal.Reason));
    }

    [Fact]
    public async Task A_pod_that_goes_between_its_status_and_its_log_is_not_found()
    {
        Pod.Container("c").Append("x");
        Pod.LogAnswer = FakeAnswer.Status(404, "NotFound", "pods \"ticker\" not found", new JsonObject { ["name"] = "ticker", ["kind"] = "pods" });

        var refusal = await RefusedAsync(Request);

        Assert.Equal((LogStreamError.NotFound, "NOT_FOUND"), (refusal.Error, refusal.Reason));
    }

    [Fact]
    public async Task A_page_that_is_no_answer_of_the_API_is_told()
    {
        Pod.StatusAnswer = FakeAnswer.Text(200, "<html>Sign in</html>", "text/html");

        var refusal = await RefusedAsync(Request);

        Assert.Equal((LogStreamError.Internal, "BAD_ANSWER"), (refusal.Error, refusal.Reason));
    }

    [Fact]
    public async Task A_container_the_pod_has_not_is_an_invalid_request()
    {
        Pod.Container("c").Append("x");

        var refusal = await RefusedAsync(Request with { Container = "zzz" });

        Assert.Equal((LogStreamError.InvalidRequest, "container zzz is not valid for pod ticker"), (refusal.Error, refusal.Message));
    }

    [Fact]
    public async Task A_previous_instance_that_is_not_there_is_not_found()
    {
        Pod.Container("c").Append("x");

        var refusal = await RefusedAsync(Request with { Previous = true });

        Assert.Equal((LogStreamError.NotFound, "previous terminated container \"c\" in pod \"ticker\" not found"), (refusal.Error, refusal.Message));
    }

    [Fact]
    public async Task A_negative_tail_is_an_invalid_request()
    {
        var refusal = await RefusedAsync(Request with { TailLines = -1 });

        Assert.Equal(LogStreamError.InvalidRequest, refusal.Error);
        Assert.Empty(Api.Requests);
    }

    [Fact]
    public async Task A_server_that_does_not_listen_is_unavailable()
    {
        var settings = new Dictionary<string, string?> { ["KubeConfig"] = Path.Combine(Api.ScratchDirectory, "elsewhere") };
        await File.WriteAllTextAsync(settings["KubeConfig"]!, (await File.ReadAllTextAsync(Api.KubeConfigPath)).Replace(Api.Url, "http://127.0.0.1:1", StringComparison.Ordinal));

        var refusal = await RefusedAsync(Start(Request, settings).Tail);

        Assert.Equal((LogStreamError.Unavailable, "UNREACHABLE"), (refusal.Error, refusal.Reason));
    }

    [Fact]
    public async Task A_server_whose_certificate_is_not_trusted_is_told()
    {
        await UseAsync(tls: true);
        await using var other = await FakeKubernetesApi.StartAsync(tls: true);
        var settings = new Dictionary<string, string?> { ["KubeConfig"] = Path.Combine(Api.ScratchDirectory, "elsewhere") };
        await File.WriteAllTextAsync(settings["KubeConfig"]!, (await File.ReadAllTextAsync(Api.KubeConfigPath)).Replace(Api.Url, other.Url, StringComparison.Ordinal));

        var refusal = await RefusedAsync(Start(Request, settings).Tail);

        Assert.Equal((LogStreamError.Unavailable, "UNREACHABLE"), (refusal.Error, refusal.Reason));
        Assert.Contains("certificate", refusal.Message, StringComparison.Ordinal);
        Assert.Empty(other.Requests);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_server_that_never_answers_is_unavailable_after_the_header_timeout(bool tls)
    {
        await UseAsync(tls);
        Api.Answer = FakeAnswer.Hang();

        var (_, tail) = Start(Request, new() { ["HeaderTimeout"] = "00:00:30" });
        await Api.PodRequestsAsync(1).WaitAsync(FakeNode.Patience);
        Assert.False(tail.IsCompleted);
        var refusal = await RefusedAsync(tail);

        Assert.Equal((LogStreamError.Unavailable, "UNREACHABLE", "the Kubernetes API of cluster default did not answer within 30 s"), (refusal.Error, refusal.Reason, refusal.Message));
    }

    [Fact]
    public async Task A_log_that_never_begins_is_unavailable_after_the_header_timeout()
    {
        Pod.Container("c").Append("x");
        Pod.LogAnswer = FakeAnswer.Hang();

        var refusal = await RefusedAsync(Start(Request, new() { ["HeaderTimeout"] = "00:01:00" }).Tail);
        Pod.LogAnswer.Release();

        Assert.Equal((LogStreamError.Unavailable, "UNREACHABLE"), (refusal.Error, refusal.Reason));
        Assert.Single(Api.LogRequests);
    }
}
