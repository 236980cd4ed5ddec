using System.Text;
using Grpc.Core;
using RunLogs.Abstractions;
using RunLogs.Protos.Flyte.Dataproxy;
using RunLogs.Protos.Flyte.Logs.Dataplane;
using RunLogs.Testing;
using RunLogs.Testing.Kubernetes;

namespace RunLogs.EndToEnd.Tests;

/// <summary>A client that does not read while the container writes.</summary>
public sealed class SlowClientTests(Rig rig) : IClassFixture<Rig>
{
    private const int Lines = 40_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Nothing_is_lost_or_repeated_while_the_nodes_file_has_it_all()
    {
        var (run, pod) = await rig.AddRunAsync();
        using var call = Tail.Open(rig.Host, run);
        var log = Log();

        await WriteUntilClosedAsync(pod, log[..20_000]);
        pod.Container("main").Append(log[20_000..]);
        var (lines, notices) = await ReadAsync(call, () => pod.Container("main").Terminate());

        Assert.Equal(log.Select(Text), lines);
        Assert.Empty(notices);
    }

    [Fact]
    public async Task What_was_rotated_away_meanwhile_is_announced_and_nothing_is_repeated()
    {
        var (run, pod) = await rig.AddRunAsync();
        using var call = Tail.Open(rig.Host, run);
        var (container, log) = (pod.Container("main"), Log());

        await WriteUntilClosedAsync(pod, log[..20_000]);
        container.Append(log[20_000..30_000]);
        container.Rotate();
        container.Append(log[30_000..]);
        var (lines, notices) = await ReadAsync(call, () => container.Terminate());

        var lost = log.Select(Text).SkipWhile((line, i) => i < lines.Count && line == lines[i]).TakeWhile(line => line != lines[^10_000]).Count();
        Assert.InRange(lost, 10_000, 30_000);
        Assert.Equal([.. log.Select(Text).Take(lines.Count - 10_000), .. log.Select(Text).TakeLast(10_000)], lines);
        Assert.Contains("lines may be missing", Assert.Single(notices), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_a_reader_without_us_loses_18000_lines_unsaid_and_repeats_6000_we_repeat_none_and_say_that_lines_are_gone()
    {
        var (run, pod) = await rig.AddRunAsync();
        pod.MaxLogFileBytes = 1_000_000;
        using var call = Tail.Open(rig.Host, run);
        var (container, log) = (pod.Container("main"), Log());
        var upstream = await rig.Api.StreamOfAsync(pod).WaitAsync(Patience, TestContext.Current.CancellationToken);
        using var client = new HttpClient();
        using var direct = new StreamReader(await client.GetStreamAsync(new Uri($"{rig.Api.Url}/api/v1/namespaces/flyte/pods/{pod.Name}/log?follow=true"), TestContext.Current.CancellationToken));

        // Neither reads: the first file, three more that begin and end, and the current one.
        container.Append(log[..20_000]);
        await upstream.ClosedByClient.WaitAsync(Patience, TestContext.Current.CancellationToken);
        for (var file = 0; file < 3; file++)
        {
            container.Append(log[(20_000 + (file * 6000))..][..6000]);
        }

        container.Append(log[38_000..]);
        List<string> others = [];
        while (others.Count < 20_000 + (4 * 2000))
        {
            others.Add((await direct.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience))! + "\n");
        }

        var (lines, notices) = await ReadAsync(call, () => container.Terminate());

        string[] first = [.. log[..20_000].Select(Text)];
        string[] current = [.. log[38_000..].Select(Text)];
        Assert.Equal([.. first, .. current, .. current, .. current, .. current], others);
        var taken = lines.Count - current.Length;
        Assert.InRange(taken, 1, first.Length - 1);
        Assert.Equal([.. first[..taken], .. current], lines);
        Assert.Contains("lines may be missing", Assert.Single(notices), StringComparison.Ordinal);
    }

    private static string Text(WrittenLine line) => Encoding.UTF8.GetString(line.Text.Span) + "\n";

    // Writes until the host has closed the upstream, as it does when its client takes nothing.
    private async Task WriteUntilClosedAsync(FakePod pod, IEnumerable<WrittenLine> lines)
    {
        await rig.Api.StreamOfAsync(pod).WaitAsync(Patience, TestContext.Current.CancellationToken);
        pod.Container("main").Append(lines);
        await rig.Api.StreamsClosedAsync().WaitAsync(Patience, TestContext.Current.CancellationToken);
    }

    private static async Task<(List<string> Lines, List<string> Notices)> ReadAsync(AsyncServerStreamingCall<TailLogsResponse> call, Action terminate)
    {
        List<string> lines = [];
        List<string> notices = [];
        await foreach (var response in call.ResponseStream.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            foreach (var line in response.Logs.SelectMany(logs => logs.Lines))
            {
                (line.Originator == LogLineOriginator.System ? notices : lines).Add(line.Message);
                if (line.Message.StartsWith($"line {Lines - 1} ", StringComparison.Ordinal))
                {
                    terminate();
                }
            }
        }

        return (lines, notices);
    }

    // From the container's start on: later, and the log's beginning would seem to be gone. The first half is more text than
    // all the buffers on the way hold, the 16 MB among them to which a client's HTTP/2 window grows under load.
    private static WrittenLine[] Log() =>
        [.. Enumerable.Range(0, Lines).Select(i => Some.Line($"line {i} {new string('x', i < 20_000 ? 1700 : 200)}", FakeContainer.DefaultStart.Add(TimeSpan.FromMilliseconds(i))))];
}
