using System.Net;
using System.Text.Json.Nodes;
using RunLogs.Testing;
using RunLogs.Testing.Kubernetes;

namespace RunLogs.Plugins.Kubernetes.Tests;

/// <summary>What the fake API server says where this backend never asks: as a real one says it.</summary>
public sealed class FakeApiTests : FakeClusterTests
{
    private const string Log = "/api/v1/namespaces/rig/pods/ticker/log";

    [Fact]
    public async Task A_success_is_plain_text_without_charset_length_or_compression()
    {
        Pod.Container("c").Append(new string('x', 100_000));

        using var answer = await SendAsync(HttpMethod.Get, Log, "*/*", ("Accept-Encoding", "gzip"));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("text/plain", answer.Content.Headers.ContentType!.ToString());
        Assert.Equal("no-cache, private", string.Join(", ", answer.Headers.CacheControl!.ToString().Split(", ").Order()));
        Assert.True(answer.Headers.Contains("Audit-Id"));
        Assert.True(answer.Headers.TransferEncodingChunked);
        Assert.Empty(answer.Content.Headers.ContentEncoding);
    }

    [Theory]
    [InlineData("HEAD")]
    [InlineData("POST")]
    [InlineData("OPTIONS")]
    public async Task Any_method_but_GET_is_405(string method)
    {
        using var answer = await SendAsync(new HttpMethod(method), Log);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        if (method != "HEAD")
            await AssertStatusAsync(answer, "MethodNotAllowed", "the server does not allow this method on the requested resource");
    }

    [Fact]
    public async Task Who_accepts_only_plain_text_gets_406_instead_of_the_error()
    {
        using var answer = await SendAsync(HttpMethod.Get, Log, "text/plain");

        Assert.Equal(HttpStatusCode.NotAcceptable, answer.StatusCode);
        await AssertStatusAsync(answer, "NotAcceptable", "only the following media types are accepted: application/json, application/yaml, application/vnd.kubernetes.protobuf");
    }

    [Theory]
    [InlineData("application/json, */*", "application/json")]
    [InlineData("application/json", "application/json")]
    [InlineData("application/yaml", "application/yaml")]
    public async Task An_error_comes_as_what_is_accepted(string accept, string type)
    {
        using var answer = await SendAsync(HttpMethod.Get, Log, accept);

        Assert.Equal((HttpStatusCode.BadRequest, type), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
    }

    [Fact]
    public async Task Whoever_accepts_only_JSON_gets_the_log_as_text_all_the_same()
    {
        Pod.Container("c").Append("x");

        Assert.Equal("x\n", await GetAsync("", "application/json"));
    }

    [Theory]
    [InlineData("timestamps=")]
    [InlineData("timestamps=yes")]
    [InlineData("timestamps=maybe")]
    [InlineData("timestamps=1")]
    [InlineData("timestamps=True")]
    [InlineData("timestamps=true&timestamps=false")]
    [InlineData("timestamps=true&nonsense=1&container=&sinceTime=")]
    public async Task A_boolean_is_true_unless_false_or_0_and_what_is_unknown_or_empty_is_not_given(string query)
    {
        Pod.Container("c").Append(Some.Start, "x");

        Assert.Equal($"{Some.Start} x\n", await GetAsync(query));
    }

    [Theory]
    [InlineData("timestamps=false")]
    [InlineData("timestamps=0")]
    public async Task A_boolean_is_false_with_false_or_0(string query)
    {
        Pod.Container("c").Append(Some.Start, "x");

        Assert.Equal("x\n", await GetAsync(query));
    }

    [Theory]
    [InlineData("tailLines=-1", 422, "Invalid", "PodLogOptions \"ticker\" is invalid: tailLines: Invalid value: -1: must be greater than or equal to 0")]
    [InlineData("limitBytes=0", 422, "Invalid", "PodLogOptions \"ticker\" is invalid: limitBytes: Invalid value: 0: must be greater than 0")]
    [InlineData("limitBytes=-5", 422, "Invalid", "PodLogOptions \"ticker\" is invalid: limitBytes: Invalid value: -5: must be greater than 0")]
    [InlineData("sinceSeconds=0", 422, "Invalid", "PodLogOptions \"ticker\" is invalid: sinceSeconds: Invalid value: 0: must be greater than 0")]
    [InlineData("sinceSeconds=1&sinceTime=2026-11-22T17:53:44Z", 422, "Invalid", "PodLogOptions \"ticker\" is invalid: []: Forbidden: at most one of `sinceTime` or `sinceSeconds` may be specified")]
    [InlineData("stream=Stdout", 422, "Invalid", "PodLogOptions \"ticker\" is invalid: stream: Forbidden: may not be specified")]
    [InlineData("tailLines=abc", 400, "BadRequest", "strconv.ParseInt: parsing \"abc\": invalid syntax")]
    [InlineData("sinceTime=garbage", 400, "BadRequest", "parsing time \"garbage\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \"garbage\" as \"2006\"")]
    [InlineData("sinceTime=2026-11-22T19:53:45+02:00", 400, "BadRequest", "parsing time \"2026-11-22T19:53:45 02:00\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \" 02:00\" as \"Z07:00\"")]
    [InlineData("container=zzz", 400, "BadRequest", "container zzz is not valid for pod ticker")]
    [InlineData("previous=true", 400, "BadRequest", "previous terminated container \"c\" in pod \"ticker\" not found")]
    public async Task A_parameter_that_is_wrong_is_told(string query, int code, string reason, string message)
    {
        Pod.Container("c").Append("x");

        using var answer = await SendAsync(HttpMethod.Get, $"{Log}?{query}");

        Assert.Equal(code, (int)answer.StatusCode);
        await AssertStatusAsync(answer, reason, message);
    }

    [Fact]
    public async Task Several_containers_and_none_named_is_a_bad_request_that_lists_them_init_containers_first()
    {
        Pod.Container("a");
        Pod.Container("b");
        Pod.InitContainer("init1");

        using var answer = await SendAsync(HttpMethod.Get, Log);

        await AssertStatusAsync(answer, "BadRequest", "a container name must be specified for pod ticker, choose one of: [init1 a b]");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Bearer ")]
    [InlineData("Basic eDp5")]
    [InlineData("garbage")]
    public async Task Without_a_token_the_user_is_anonymous_and_forbidden(string? authorization)
    {
        Pod.Container("c").Append("x");
        Api.RequiredToken = Api.Token;

        using var answer = authorization is null ? await SendAsync(HttpMethod.Get, Log) : await SendAsync(HttpMethod.Get, Log, "*/*", ("Authorization", authorization));

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Equal(["nosniff"], answer.Headers.GetValues("X-Content-Type-Options"));
        await AssertStatusAsync(answer, "Forbidden", "pods \"ticker\" is forbidden: User \"system:anonymous\" cannot get resource \"pods/log\" in API group \"\" in the namespace \"rig\"");
    }

    [Fact]
    public async Task A_wrong_token_is_401_and_a_missing_right_comes_before_a_missing_pod()
    {
        Api.RequiredToken = Api.Token;

        using var wrong = await SendAsync(HttpMethod.Get, Log, "*/*", ("Authorization", "Bearer wrong"));
        using var missing = await SendAsync(HttpMethod.Get, Log.Replace("ticker", "nope", StringComparison.Ordinal));

        await AssertStatusAsync(wrong, "Unauthorized", "Unauthorized");
        Assert.Equal(HttpStatusCode.Forbidden, missing.StatusCode);
    }

    [Theory]
    [InlineData("", "curl/8.5.0", true)]
    [InlineData("?pretty=true", "RunLogs", true)]
    [InlineData("", "RunLogs", false)]
    public async Task An_error_is_one_line_unless_curl_asks_or_pretty_is_asked_for(string query, string userAgent, bool isPretty)
    {
        using var answer = await SendAsync(HttpMethod.Get, Log + query, "*/*", ("User-Agent", userAgent));

        Assert.Equal(isPretty, (await answer.Content.ReadAsStringAsync()).TrimEnd('\n').Contains('\n', StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_kubelet_that_is_down_is_500_without_a_reason()
    {
        Pod.Container("c").Append("x");
        Api.KillKubelets();

        using var answer = await SendAsync(HttpMethod.Get, $"{Log}?tailLines=1");

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        await AssertStatusAsync(answer, null, "Get \"https://127.0.0.1:10250/containerLogs/rig/ticker/c?tailLines=1\": dial tcp 127.0.0.1:10250: connect: connection refused");
    }

    [Fact]
    public async Task A_kubelet_that_has_just_started_is_404_of_the_kind_pods_log()
    {
        Pod.Container("c").Append("x");
        Api.Kubelet = FakeKubelet.JustStarted;

        using var answer = await SendAsync(HttpMethod.Get, Log);
        var status = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;

        Assert.Equal((404, "the server could not find the requested resource ( pods/log ticker)"), ((int)answer.StatusCode, (string?)status["message"]));
        Assert.Equal(("ticker", "pods/log"), ((string?)status["details"]!["name"], (string?)status["details"]!["kind"]));
    }

    [Fact]
    public async Task A_byte_limit_ends_a_follower_too_and_counts_the_timestamps()
    {
        Pod.Container("c").Append(Some.Start, "one");

        Assert.Equal($"{Some.Start} on", await GetAsync($"follow=true&timestamps=true&limitBytes={Some.Start.ToString().Length + 3}"));
    }

    [Fact]
    public async Task A_time_in_the_future_without_follow_gives_nothing()
    {
        Pod.Container("c").Append(Some.Start, "x");

        Assert.Equal("", await GetAsync("sinceTime=2099-01-01T00:00:00Z"));
    }

    [Theory]
    [InlineData("tailLines=1", "2026-11-22T17:53:46.000000000Z cc\n")]
    [InlineData("sinceTime=2026-11-22T17:53:45Z", "bb")]
    [InlineData("sinceTime=2026-11-22T17:53:46Z", "cc\n")]
    public async Task A_tail_that_begins_within_a_line_has_its_entrys_time_and_a_time_within_a_line_leaves_none(string query, string begin)
    {
        var container = Pod.Container("c");
        container.AppendPart(Some.Time("2026-11-22T17:53:44Z"), "aa");
        container.AppendPart(Some.Time("2026-11-22T17:53:45Z"), "bb");
        container.Append(Some.Time("2026-11-22T17:53:46Z"), "cc");

        Assert.StartsWith(begin, await GetAsync($"timestamps=true&{query}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stderr_between_the_parts_of_a_long_line_is_glued_to_them()
    {
        var container = Pod.Container("c");
        for (var part = 0; part < 64; part++)
        {
            container.AppendPart(Some.Start, new string('x', 16_384));
            if (part < 60)
                container.Append(Some.Start, $"stderr {part}");
        }

        container.Append(Some.Start, "");
        var lines = (await GetAsync("timestamps=true")).TrimEnd('\n').Split('\n');

        Assert.Equal(61, lines.Length);
        Assert.All(lines, line => Assert.StartsWith($"{Some.Start} xxx", line, StringComparison.Ordinal));
        Assert.EndsWith("xstderr 3", lines[3], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plain_http_to_the_TLS_port_is_told()
    {
        await UseAsync(tls: true);

        using var answer = await SendAsync(HttpMethod.Get, Log, url: Api.Url.Replace("https:", "http:", StringComparison.Ordinal));

        Assert.Equal((HttpStatusCode.BadRequest, new Version(1, 0)), (answer.StatusCode, answer.Version));
        Assert.Equal("Client sent an HTTP request to an HTTPS server.\n", await answer.Content.ReadAsStringAsync());
    }

    private static async Task AssertStatusAsync(HttpResponseMessage answer, string? reason, string message)
    {
        var status = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        Assert.Equal(("Status", "v1", "Failure", reason, message, (int)answer.StatusCode),
            ((string?)status["kind"], (string?)status["apiVersion"], (string?)status["status"], (string?)status["reason"], (string?)status["message"], (int)status["code"]!));
    }

    private async Task<string> GetAsync(string query, string accept = "*/*")
    {
        using var answer = await SendAsync(HttpMethod.Get, $"{Log}?{query}", accept);
        Assert.Equal((HttpStatusCode.OK, "text/plain"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        return await answer.Content.ReadAsStringAsync();
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string accept = "*/*", (string Name, string Value)? header = null, string? url = null)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(method, new Uri((url ?? Api.Url) + path));
        request.Headers.Accept.ParseAdd(accept);
        if (header is { } more)
            request.Headers.TryAddWithoutValidation(more.Name, more.Value);

        return await client.SendAsync(request).WaitAsync(FakeNode.Patience);
    }
}
