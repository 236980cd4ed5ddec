using System.Diagnostics;
using System.Net;
using System.Text.Json;
using RunLogs.Testing.Kubernetes;

namespace RunLogs.EndToEnd.Tests;

/// <summary><c>GET /logs</c> while it goes on, with a browser's way of reading and with curl.</summary>
public sealed class LivePageTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private Rig _rig = null!;

    public async ValueTask InitializeAsync() => _rig = await Rig.StartAsync("RunLogs:Heartbeat=00:00:01");

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Theory]
    [InlineData("image/png")]
    [InlineData("application/json")]
    [InlineData("text/plain;q=0")]
    public async Task A_type_that_a_log_does_not_come_in_is_refused_with_those_it_does(string accept)
    {
        var (run, _) = await _rig.AddRunAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, Page(run));
        request.Headers.TryAddWithoutValidation("Accept", accept);

        using var response = await _rig.Host.Http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NotAcceptable, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType!.MediaType);
        var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement;
        Assert.Equal("invalid_argument", body.GetProperty("code").GetString());
        Assert.Contains("text/plain, application/x-ndjson, text/event-stream", body.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nothing")]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("a\nb")]
    [InlineData("")]
    public async Task A_container_that_the_pod_has_not_is_told_in_a_sentence(string container)
    {
        var (run, pod) = await _rig.AddRunAsync();
        pod.Container("main").Append("one");

        using var response = await _rig.Host.Http.GetAsync($"{Page(run)}?container={Uri.EscapeDataString(container)}", TestContext.Current.CancellationToken);

        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.NotFound, $"{response.StatusCode} {body}");
        Sentence.Check(JsonDocument.Parse(body).RootElement.GetProperty("message").GetString()!);
    }

    [Fact]
    public async Task A_silent_event_stream_begins_at_once_and_beats()
    {
        var (run, pod) = await _rig.AddRunAsync();
        using var reader = await FollowAsync(run, "text/event-stream");

        Assert.Equal(":", await NextAsync(reader));
        Assert.Equal("", await NextAsync(reader));
        pod.Container("main").Append("one");
        string line;
        while ((line = await NextAsync(reader)) is ":" or "")
        {
        }

        Assert.StartsWith("id: ", line, StringComparison.Ordinal);
        Assert.Equal("data: one", await NextAsync(reader));
    }

    [Fact]
    public async Task A_reader_that_goes_away_closes_the_upstream_within_a_second()
    {
        var (run, pod) = await _rig.AddRunAsync();
        pod.Container("main").Append("one");
        using var reader = await FollowAsync(run, "text/plain");
        Assert.Equal("one", await NextAsync(reader));
        using var gone = new CancellationTokenSource();
        var next = reader.ReadLineAsync(gone.Token).AsTask();

        await gone.CancelAsync();

        await _rig.Api.Streams.Single(stream => stream.Pod == pod).ClosedByClient.WaitAsync(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
    }

    [Fact]
    public async Task Curl_prints_each_line_before_the_next_exists()
    {
        RequireCurl();
        var (run, pod) = await _rig.AddRunAsync();
        using var curl = Curl("-sSN", $"{Page(run)}?follow=true");

        for (var i = 0; i < 20; i++)
        {
            pod.Container("main").Append($"line {i}");
            Assert.Equal($"line {i}", await NextAsync(curl.StandardOutput));
        }

        pod.Container("main").Terminate();
        await curl.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Equal(0, curl.ExitCode);
    }

    [Theory]
    [InlineData("--http1.1")]
    [InlineData("--http2-prior-knowledge")]
    public async Task Curl_ends_with_a_fault_when_the_log_breaks_off(string version)
    {
        RequireCurl();
        var (run, pod) = await _rig.AddRunAsync();
        pod.Container("main").Append("one");
        using var curl = Curl("-sN", version, $"{Page(run)}?follow=true");
        Assert.Equal("one", await NextAsync(curl.StandardOutput));
        pod.LogAnswer = pod.StatusAnswer = FakeAnswer.Status(403, "Forbidden", "no");

        _rig.Api.Streams.Single(stream => stream.Pod == pod).Cut();
        await curl.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience, TestContext.Current.CancellationToken);

        Assert.NotEqual(0, curl.ExitCode);
    }

    [Fact]
    public async Task Curl_fails_on_a_log_that_nobody_recorded()
    {
        RequireCurl();
        using var curl = Curl("-sS", "--fail-with-body", Page("nothing"));

        var body = await curl.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken).WaitAsync(Patience, TestContext.Current.CancellationToken);
        await curl.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience, TestContext.Current.CancellationToken);

        Assert.Equal((22, """{"code":"not_found","message":"no event found for action flytesnacks/development/nothing/a0 attempt 1","backends":[]}"""), (curl.ExitCode, body));
    }

    private static string Page(string run) => $"/logs/flytesnacks/development/{run}/a0/1";

    private static async Task<string> NextAsync(StreamReader reader) =>
        await reader.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience, TestContext.Current.CancellationToken) ?? throw new EndOfStreamException();

    private static void RequireCurl()
    {
        var isThere = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(directory => File.Exists(Path.Combine(directory, "curl")));
        if (Environment.GetEnvironmentVariable("CI") == "true")
        {
            Assert.True(isThere, "curl is required in CI.");
        }

        Assert.SkipUnless(isThere, "Needs curl.");
    }

    private Process Curl(params string[] arguments)
    {
        var server = arguments.Contains("--http2-prior-knowledge") ? _rig.Host.GrpcAddress : _rig.Host.HttpAddress;
        return Process.Start(new ProcessStartInfo("curl", [.. arguments[..^1], new Uri(server, arguments[^1]).AbsoluteUri]) { RedirectStandardOutput = true })!;
    }

    private async Task<StreamReader> FollowAsync(string run, string accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{Page(run)}?follow=true") { Headers = { { "Accept", accept } } };
        var response = await _rig.Host.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken).WaitAsync(Patience, TestContext.Current.CancellationToken);
        return new StreamReader(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
    }
}
