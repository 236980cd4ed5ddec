using System.Net.Http.Headers;
using RunLogs.Testing;

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

    [Fact]
    public async Task An_id_that_is_no_cursor_is_refused()
    {
        var (run, _) = await hosts.AddRunAsync();
        using var response = await ConnectAsync(hosts.First, run, "1234");

        Assert.Equal(System.Net.HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("Last-Event-ID is none that RunLogs gave", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
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
