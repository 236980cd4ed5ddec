using System.Text;
using Google.Protobuf;
using Grpc.Core;
using RunLogs.Abstractions;
using RunLogs.Protos.Flyte.Dataproxy;
using RunLogs.Protos.Flyte.Logs.Dataplane;
using RunLogs.Testing;

namespace RunLogs.EndToEnd.Tests;

/// <summary>Lines that are long, strange or missing.</summary>
public sealed class LineTests(Rig rig) : IClassFixture<Rig>
{
    private const int MaxMessage = 4 * 1024 * 1024;

    [Theory]
    [InlineData("a", 300 * 1024)]
    [InlineData("日", 200_000)]
    [InlineData("😈", 2_000_000)]
    public async Task A_line_above_the_limit_arrives_whole_in_parts_with_a_notice(string character, int count)
    {
        var text = string.Concat(Enumerable.Repeat(character, count));
        var (run, pod) = await rig.AddRunAsync();
        pod.Container("main").Append("before");
        pod.Container("main").Append(text);
        pod.Container("main").Append("after");
        pod.Container("main").Terminate();

        using var call = Tail.Open(rig.Host, run);
        var responses = await call.ResponseStream.ReadAllAsync(TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);

        Assert.All(responses, response => Assert.InRange(response.CalculateSize(), 0, MaxMessage));
        var lines = responses.SelectMany(response => response.Logs).SelectMany(logs => logs.Lines).ToList();
        var own = lines.Where(line => line.Originator == LogLineOriginator.System).ToList();
        var user = lines.Where(line => line.Originator != LogLineOriginator.System).Select(line => line.Message).ToList();
        Assert.True(string.Concat(user) == $"before\n{text}\nafter\n");
        Assert.All(user, part => Assert.InRange(Encoding.UTF8.GetByteCount(part), 1, (256 * 1024) + 1));
        Assert.StartsWith("[runlogs] ", Assert.Single(own).Message, StringComparison.Ordinal);
        Assert.EndsWith("\n", own[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invalid_UTF8_becomes_replacement_characters_and_the_stream_goes_on()
    {
        var (run, pod) = await rig.AddRunAsync();
        var start = LogTimestamp.FromUnixSeconds(1_763_800_000);
        pod.Container("main").Append([
            new WrittenLine(start, new byte[] { (byte)'a', 0xff, (byte)'b' }),
            new WrittenLine(start, new byte[] { 0xe6, 0x97 }),
            new WrittenLine(start, new byte[] { (byte)'a', 0, (byte)'b' }),
            new WrittenLine(start, Array.Empty<byte>()),
            new WrittenLine(start, "日"u8.ToArray())]);
        pod.Container("main").Terminate();

        using var call = Tail.Open(rig.Host, run);

        Assert.Equal(["a\ufffdb\n", "\ufffd\n", "a\0b\n", "\n", "日\n"], (await call.ReadAllAsync()).Select(line => line.Message));
    }

    [Fact]
    public async Task An_empty_log_ends_with_nothing()
    {
        var (run, pod) = await rig.AddRunAsync();
        pod.Container("main").Terminate();

        using var call = Tail.Open(rig.Host, run);

        Assert.Empty(await call.ReadAllAsync());
    }

    [Fact]
    public async Task A_silent_tail_is_kept_alive_by_empty_responses()
    {
        await using var beating = await Rig.StartAsync("RunLogs:Heartbeat=00:00:01");
        var (run, _) = await beating.AddRunAsync();
        using var call = Tail.Open(beating.Host, run);

        for (var i = 0; i < 2; i++)
        {
            Assert.True(await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(10)));
            Assert.Equal(new TailLogsResponse(), call.ResponseStream.Current);
        }
    }

    [Fact]
    public async Task Line_ends_are_left_out_when_the_operator_wants_it()
    {
        await using var bare = await Rig.StartAsync("RunLogs:KeepLineEnd=false");
        var (run, pod) = await bare.AddRunAsync();
        pod.Container("main").Append("one");
        pod.Container("main").Append("");
        pod.Container("main").Append("two");
        pod.Container("main").Terminate();

        using var call = Tail.Open(bare.Host, run);

        Assert.Equal(["one", "", "two"], (await call.ReadAllAsync()).Select(line => line.Message));
    }
}
