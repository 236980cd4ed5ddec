using System.Net;
using System.Text.Json;
using RunLogs.Abstractions;

namespace RunLogs.EndToEnd.Tests;

/// <summary><c>GET /logs</c> and the pages for operators.</summary>
public sealed class HttpTests(Rig rig) : IClassFixture<Rig>
{
    private static readonly LogTimestamp Time = new(1_763_833_424_488_229_601);

    [Fact]
    public async Task Plain_text_is_the_log_byte_for_byte()
    {
        var run = await AddFinishedRunAsync("one", "\r50%\rdone", "", "日本語");

        using var response = await rig.Host.Http.GetAsync(LogUrl(run), TestContext.Current.CancellationToken);

        Assert.Equal("text/plain; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        Assert.Equal("one\n\r50%\rdone\n\n日本語\n", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Timestamps_tail_and_since_are_as_asked()
    {
        var run = await AddFinishedRunAsync("one", "two", "three");

        Assert.Equal("three\n", await GetAsync(LogUrl(run) + "?tail=1"));
        Assert.Equal("2025-11-22T17:43:44.488229601Z one\n", (await GetAsync(LogUrl(run) + "?timestamps=true"))[..35]);
        Assert.Equal("two\nthree\n", await GetAsync(LogUrl(run) + "?since=2025-11-22T17:43:44.489229601Z"));
    }

    [Fact]
    public async Task Ndjson_is_one_object_a_line()
    {
        var run = await AddFinishedRunAsync("one", "say \"hi\"");

        var lines = (await GetAsync(LogUrl(run), "application/x-ndjson")).TrimEnd('\n').Split('\n').Select(line => JsonDocument.Parse(line).RootElement).ToList();

        Assert.Equal(["one", "say \"hi\""], lines.Select(line => line.GetProperty("message").GetString()));
        Assert.Equal(Time.ToString(), lines[0].GetProperty("timestamp").GetString());
        Assert.Equal(("main", $"{run}-a0-0", "Kubernetes"), (Text(lines[0], "container"), Text(lines[0], "pod"), Text(lines[0], "backend")));
    }

    [Fact]
    public async Task Server_sent_events_are_one_event_a_line()
    {
        var run = await AddFinishedRunAsync("one", "a\rb");

        Assert.Matches(@"^id: [\w-]+\ndata: one\n\nid: [\w-]+\ndata: a\ndata: b\n\n$", await GetAsync(LogUrl(run), "text/html;q=0.1, text/event-stream"));
    }

    [Fact]
    public async Task A_follow_over_plain_HTTP_delivers_each_line_before_the_next_exists()
    {
        var (run, pod) = await rig.AddRunAsync();
        pod.Container("main").Append("line 0");
        using var response = await rig.Host.Http.GetAsync(LogUrl(run) + "?follow=true", HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));

        for (var i = 0; i < 20; i++)
        {
            Assert.Equal($"line {i}", await reader.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(10)));
            pod.Container("main").Append($"line {i + 1}");
        }

        pod.Container("main").Terminate();
        Assert.Equal("line 20\n", await reader.ReadToEndAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("/logs/flytesnacks/development/nothing/a0/1", HttpStatusCode.NotFound, "no event found for action flytesnacks/development/nothing/a0 attempt 1")]
    [InlineData("/logs/flytesnacks/development/r/a0/first", HttpStatusCode.BadRequest, "the attempt 'first' is no number")]
    [InlineData("/logs/flytesnacks/development/r/a0/1?since=now&tail=x", HttpStatusCode.BadRequest, "since 'now'")]
    [InlineData("/logs/%22quoted%22/development/r/a0/1", HttpStatusCode.BadRequest, "action_id.run.project")]
    [InlineData("/logs/a%00b/development/r/a0/1", HttpStatusCode.BadRequest, null)]
    public async Task A_fault_is_a_status_and_a_sentence(string url, HttpStatusCode status, string? sentence)
    {
        using var response = await rig.Host.Http.GetAsync(url, TestContext.Current.CancellationToken);

        Assert.Equal(status, response.StatusCode);
        if (sentence is not null)
        {
            var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement;
            Assert.Contains(sentence, Text(body, "message"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_type_that_a_log_does_not_come_in_is_not_acceptable()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, LogUrl(await AddFinishedRunAsync("one"))) { Headers = { { "Accept", "image/png" } } };

        using var response = await rig.Host.Http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal((HttpStatusCode.NotAcceptable, "application/json"), (response.StatusCode, response.Content.Headers.ContentType!.MediaType));
        var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement;
        Assert.Equal("Accept names no type this log comes in: text/plain, application/x-ndjson, text/event-stream.", Text(body, "message"));
    }

    [Fact]
    public async Task Operators_find_health_readiness_metrics_and_backends()
    {
        await GetAsync(LogUrl(await AddFinishedRunAsync("one")));

        Assert.Equal("Healthy", await GetAsync("/healthz"));
        Assert.Contains("contexts: Healthy", await GetAsync("/readyz"), StringComparison.Ordinal);
        var metrics = await GetAsync("/metrics");
        Assert.Matches(@"runlogs_lines_total\{[^}]*backend=""Kubernetes""[^}]*\} [1-9]", metrics);
        Assert.Contains("runlogs_tails_ended_total", metrics, StringComparison.Ordinal);
        Assert.Contains("runlogs_time_to_first_line_seconds_bucket", metrics, StringComparison.Ordinal);
        using var listed = await rig.Host.Http.PostAsync("/runlogs.v1.BackendService/ListBackends", new StringContent("{}", null, "application/json"), TestContext.Current.CancellationToken);
        var backends = JsonDocument.Parse(await listed.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement.GetProperty("backends").EnumerateArray().ToList();
        Assert.Equal([("Kubernetes", "ACTIVE"), ("Files", "ACTIVE"), ("CloudWatch", "DISABLED"), ("Stackdriver", "DISABLED")], backends.Select(backend => (Text(backend, "name"), Text(backend, "state"))));
    }

    private static string LogUrl(string run) => $"/logs/flytesnacks/development/{run}/a0/1";

    private static string Text(JsonElement element, string property) => element.GetProperty(property).GetString()!;

    private async Task<string> AddFinishedRunAsync(params string[] lines)
    {
        var (run, pod) = await rig.AddRunAsync();
        for (var i = 0; i < lines.Length; i++)
        {
            pod.Container("main").Append(Time.Add(TimeSpan.FromMilliseconds(i)), lines[i]);
        }

        pod.Container("main").Terminate();
        return run;
    }

    private async Task<string> GetAsync(string url, string? accept = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        if (accept is not null)
        {
            request.Headers.TryAddWithoutValidation("Accept", accept);
        }

        using var response = await rig.Host.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }
}
