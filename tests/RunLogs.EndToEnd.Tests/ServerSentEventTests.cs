using System.Net;
using System.Net.Http.Headers;
using RunLogs.Testing;
using RunLogs.Testing.Seam;

namespace RunLogs.EndToEnd.Tests;

/// <summary>Server-sent events, read as a browser's <c>EventSource</c> does: it reconnects with the id of its last event.</summary>
public sealed class ServerSentEventTests(Replicas hosts) : IClassFixture<Replicas>
{
    [Fact]
    public async Task A_client_that_reconnects_misses_and_repeats_no_line()
    {
        var (run, pod) = await hosts.AddRunAsync();
        string[] written = [.. Enumerable.Range(0, 400).Select(i => $"line {i / 4}")];
        var lines = written.Select((text, i) => new WrittenLine(Abstractions.LogTimestamp.FromUnixSeconds(1_763_000_000 + (i / 100)), System.Text.Encoding.UTF8.GetBytes(text)));
        pod.Container("main").Append(lines);
        pod.Container("main").Terminate();
        var (read, lastId) = (new List<string>(), "");
        for (var connection = 0; read.Count < written.Length; connection++)
        {
            // Each connection is lost within an event, after some whole ones.
            var host = connection % 2 == 0 ? hosts.First : hosts.Second;
            using var response = await ConnectAsync(host, run, lastId);
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
            var (data, id) = (new List<string>(), lastId);
            for (var events = 0; events < 1 + (connection * 7) && await reader.ReadLineAsync(TestContext.Current.CancellationToken) is { } line;)
            {
                if (line.Length == 0 && data.Count > 0)
                {
                    read.Add(string.Join('\n', data));
                    data.Clear();
                    (lastId, events) = (id, events + 1);
                }

                id = line.StartsWith("id: ", StringComparison.Ordinal) ? line[4..] : id;
                if (line.StartsWith("data: ", StringComparison.Ordinal))
                {
                    data.Add(line[6..]);
                }
            }

            Assert.InRange(connection, 0, 100);
        }

        Assert.Equal(written, read);
        using var after = await ConnectAsync(hosts.First, run, lastId);
        Assert.DoesNotContain("data:", await after.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_client_that_comes_back_with_all_of_an_ended_log_is_told_to_stay_away(bool podIsGone)
    {
        var (run, pod) = await hosts.AddRunAsync();
        var written = Enumerable.Range(0, 10).Select(i => Some.Line($"line {i}", Some.Start.Add(TimeSpan.FromMilliseconds(i)))).ToArray();
        pod.Container("main").Append(written);
        using var first = await ConnectAsync(hosts.First, run, "");
        var lastId = await ReadAsync(first, written.Length);

        pod.Container("main").Terminate();
        if (podIsGone)
        {
            await new FileArchive(hosts.Rig.FilesRoot, pod, "main").WriteAsync(written, TestContext.Current.CancellationToken);
            hosts.Rig.Api.DeletePod(pod);
            foreach (var host in new[] { hosts.First, hosts.Second })
            {
                await Rig.PutContextAsync(host, run, pod.Name, ended: TimeProvider.System.GetUtcNow().AddHours(-1));
            }
        }

        using var again = await ConnectAsync(hosts.Second, run, lastId);

        // To any other status, and to a connection that ends, an EventSource comes back for ever.
        Assert.Equal(HttpStatusCode.NoContent, again.StatusCode);
        Assert.Empty(await again.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_client_that_comes_back_to_a_log_that_goes_on_waits_for_what_comes()
    {
        var (run, pod) = await hosts.AddRunAsync();
        pod.Container("main").Append("one");
        using var first = await ConnectAsync(hosts.First, run, "");
        var lastId = await ReadAsync(first, 1);

        var coming = ConnectAsync(hosts.Second, run, lastId);
        pod.Container("main").Append("two");
        using var again = await coming;
        await ReadAsync(again, 1);

        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
    }

    [Fact]
    public async Task A_client_that_comes_back_to_a_silent_log_is_answered_with_the_first_heartbeat()
    {
        await using var beating = await Rig.StartAsync("RunLogs:Heartbeat=00:00:01");
        var (run, pod) = await beating.AddRunAsync();
        pod.Container("main").Append("one");
        using var first = await ConnectAsync(beating.Host, run, "");

        using var again = await ConnectAsync(beating.Host, run, await ReadAsync(first, 1));
        using var reader = new StreamReader(await again.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));

        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.Equal(":", await reader.ReadLineAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task An_id_that_is_no_cursor_is_refused()
    {
        var (run, _) = await hosts.AddRunAsync();
        using var response = await ConnectAsync(hosts.First, run, "1234");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("Last-Event-ID is none that RunLogs gave", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    // Reads so many events, and returns the last one's id.
    private static async Task<string> ReadAsync(HttpResponseMessage response, int events)
    {
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        var id = "";
        while (events > 0)
        {
            var line = await reader.ReadLineAsync(TestContext.Current.CancellationToken);
            Assert.NotNull(line);
            id = line.StartsWith("id: ", StringComparison.Ordinal) ? line[4..] : id;
            events -= line.StartsWith("data: ", StringComparison.Ordinal) ? 1 : 0;
        }

        return id;
    }

    private static async Task<HttpResponseMessage> ConnectAsync(HostProcess host, string run, string lastId)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/logs/flytesnacks/development/{run}/a0/1?follow=true&tail=1000");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        if (lastId.Length > 0)
        {
            request.Headers.Add("Last-Event-ID", lastId);
        }

        return await host.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
    }
}
