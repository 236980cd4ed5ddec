using RunLogs.Comparison.Clients;
using RunLogs.Comparison.Rig;

namespace RunLogs.Comparison.Tests;

public sealed class ReadersTests(ReadersRig rig) : IClassFixture<ReadersRig>
{
    public static TheoryData<string> Readers => ["kubectl", "curl", "HttpClient", "gRPC by curl", "gRPC", "Connect", "gRPC-Web", "gRPC, parsed", "Connect, parsed", "gRPC-Web, parsed"];

    [Theory]
    [MemberData(nameof(Readers))]
    public Task A_reader_that_gets_what_the_source_has_is_content(string reader) => ReadAsync(reader, rig.Expected);

    [Theory]
    [MemberData(nameof(Readers))]
    public async Task A_reader_that_gets_other_bytes_fails(string reader)
    {
        // curl has no eyes but for the size of what it throws away.
        var other = reader == "curl" ? rig.Expected with { Lines = ReadersRig.Lines + 1 } : rig.Expected with { Hash = new string('0', 32) };

        await Assert.ThrowsAsync<WrongBytesException>(() => ReadAsync(reader, other));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_part_of_a_log_is_sent_from_where_it_is_asked_for(bool isTls)
    {
        using var direct = new DirectReader(rig.Bench.Api);
        var log = (isTls ? rig.Bench.Api.Tls : rig.Bench.Api.Plain).Log(rig.Expected.Pod);

        var tail = await TextAsync(direct, new Uri($"{log}&tailLines=1300"));
        var since = await TextAsync(direct, new Uri($"{log}&sinceTime={Uri.EscapeDataString(Api.LogText.TimeOf(2))}"));

        Assert.Equal(Api.LogText.TextOf(1700, 3000), tail);
        Assert.Equal(Api.LogText.TextOf(2000, 3000), since);
    }

    [Fact]
    public async Task Caddy_sends_the_whole_log_and_what_comes_after_a_time()
    {
        Programs.Require();
        await using var caddy = await CaddyServer.StartAsync(rig.Bench, rig.Expected, TestContext.Current.CancellationToken);
        using var direct = new DirectReader(rig.Bench.Api);
        var log = caddy.Upstream.Log(rig.Expected.Pod);

        var whole = await TextAsync(direct, new Uri($"{log}&sinceTime={Uri.EscapeDataString(Api.LogText.TimeOf(-60))}"));
        var since = await TextAsync(direct, new Uri($"{log}&sinceTime={Uri.EscapeDataString(Api.LogText.TimeOf(2))}"));

        Assert.Equal(Api.LogText.TextOf(0, 3000), whole);
        Assert.Equal(Api.LogText.TextOf(2000, 3000), since);
    }

    private async Task ReadAsync(string reader, ExpectedLog expected)
    {
        Programs.Require();
        var token = TestContext.Current.CancellationToken;
        var (log, curl) = (rig.Bench.Api.Plain.Log(expected.Pod), new Curl(rig.Bench.Api.AuthorityFile, rig.Bench.Scratch));
        using var direct = new DirectReader(rig.Bench.Api);
        using var discarding = new DiscardingClient(rig.Host.Grpc);
        await (reader switch
        {
            "kubectl" => new Kubectl(rig.Bench.Api.Plain, rig.Bench.Scratch).CheckAsync(expected, token),
            "curl" => curl.ReadAsync(log, expected, token),
            "HttpClient" => direct.ReadAsync(log, expected, token),
            "gRPC by curl" => curl.TailAsync(rig.Host.Grpc, expected, token),
            "gRPC" => discarding.TailAsync(WireProtocol.Grpc, expected, token),
            "Connect" => discarding.TailAsync(WireProtocol.Connect, expected, token),
            "gRPC-Web" => discarding.TailAsync(WireProtocol.GrpcWeb, expected, token),
            "Connect, parsed" => new EnvelopeParsingClient(discarding).TailAsync(WireProtocol.Connect, expected, token),
            "gRPC-Web, parsed" => new EnvelopeParsingClient(discarding).TailAsync(WireProtocol.GrpcWeb, expected, token),
            _ => new ParsingClient(rig.Host.Channel).TailAsync(expected, token),
        });
    }

    private static async Task<string> TextAsync(DirectReader direct, Uri log)
    {
        using var response = await direct.OpenAsync(log, TestContext.Current.CancellationToken);
        var lines = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return string.Concat(lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line[(Api.LogText.StampLength + 1)..] + '\n'));
    }
}
