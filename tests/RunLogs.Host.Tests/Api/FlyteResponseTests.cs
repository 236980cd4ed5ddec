using System.Buffers;
using System.Text;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Time.Testing;
using RunLogs.Abstractions;
using RunLogs.Host.Api;
using RunLogs.Host.Tests.Tailing;
using RunLogs.Protos.Flyte.Dataproxy;
using RunLogs.Protos.Flyte.Logs.Dataplane;

namespace RunLogs.Host.Tests.Api;

/// <summary>The bytes on the wire are those of the generated encoder.</summary>
public sealed class FlyteResponseTests
{
    private static readonly string[] Texts =
    [
        "", " ", "plain", "日本語のログ", "tab\tNUL\0ESC\u001b[31m", "\r50%\r100%", new('x', 127), new('y', 128), new('z', 16_383), new('w', 16_384), new('v', 200_000), "emoji 😈",
    ];

    private static readonly long[] Times =
    [
        0, 1, 999_999_999, 1_000_000_000, 1_763_833_424_488_229_600, -1, -1_000_000_000, -1_763_833_424_488_229_601, long.MaxValue, long.MinValue + 1, long.MinValue,
    ];

    [Theory]
    [InlineData(true, "")]
    [InlineData(false, "")]
    [InlineData(true, "a0-é0")]
    public void Every_kind_of_line_is_encoded_as_the_generated_messages_would(bool keepLineEnd, string shortPodName)
    {
        var expected = new TailLogsResponse.Types.Logs();
        using var batch = new LogBatch();
        foreach (var time in Times)
        {
            foreach (var text in Texts)
            {
                foreach (var end in System.Enum.GetValues<LineEnd>())
                {
                    var originator = (LogOriginator)(expected.Lines.Count % 3);
                    if (!batch.TryAppend(new LogTimestamp(time), Encoding.UTF8.GetBytes(text), OutputStream.Stderr, originator, end))
                    {
                        continue;
                    }

                    expected.Lines.Add(new LogLine
                    {
                        Timestamp = time == long.MinValue ? null : TimestampOf(new LogTimestamp(time)),
                        Message = text + (keepLineEnd && end == LineEnd.LineFeed ? "\n" : ""),
                        Originator = (LogLineOriginator)originator,
                        ShortPodName = shortPodName,
                    });
                }
            }
        }

        expected.Container = new ContainerIdentifier { ClusterName = "default", KubernetesNamespace = "flyte", KubernetesPodName = "run-a0-0", KubernetesContainerName = "main" };
        var response = new FlyteResponse(FlyteContainerField.Of(Some.Request()), Encoding.UTF8.GetBytes(shortPodName), keepLineEnd, TimeProvider.System);

        var written = Encode(response.With(batch));

        Assert.True(expected.Lines.Count > 100);
        Assert.Equal(new TailLogsResponse { Logs = { expected } }.ToByteArray(), written);
    }

    [Fact]
    public void Random_bytes_become_the_text_the_runtime_decodes_them_to()
    {
        var random = new Random(7);
        for (var round = 0; round < 500; round++)
        {
            var bytes = new byte[random.Next(0, 300)];
            random.NextBytes(bytes);
            using var batch = new LogBatch();
            Assert.True(batch.TryAppend(Some.Time, bytes, OutputStream.Unknown, LogOriginator.User, LineEnd.None));

            var written = Encode(new FlyteResponse([], [], true, TimeProvider.System).With(batch));

            Assert.Equal(Encoding.UTF8.GetString(bytes), TailLogsResponse.Parser.ParseFrom(written).Logs[0].Lines[0].Message);
        }
    }

    [Fact]
    public void A_notice_is_a_line_of_the_system_before_the_lines()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddDays(20_000));
        using var batch = Some.Batch("one");
        batch.Add(new LogNotice(LogNoticeKind.LinesLost, "lines may be missing"));

        var logs = TailLogsResponse.Parser.ParseFrom(Encode(new FlyteResponse([], [], true, time).With(batch))).Logs;

        var lines = Assert.Single(logs).Lines;
        Assert.Equal(["[runlogs] lines may be missing\n", "one\n"], lines.Select(line => line.Message));
        Assert.Equal(LogLineOriginator.System, lines[0].Originator);
        Assert.Equal(Timestamp.FromDateTimeOffset(time.GetUtcNow()), lines[0].Timestamp);
    }

    [Fact]
    public void A_heartbeat_and_a_batch_of_facts_alone_are_empty_messages()
    {
        using var facts = new LogBatch { Facts = new ContainerFacts() };
        var response = new FlyteResponse(FlyteContainerField.Of(Some.Request()), [], true, TimeProvider.System);

        Assert.Empty(Encode(response.With(null)));
        Assert.Empty(Encode(response.With(facts)));
    }

    private static Timestamp TimestampOf(LogTimestamp time) => new() { Seconds = time.UnixSeconds, Nanos = time.NanosecondOfSecond };

    private static byte[] Encode(FlyteResponse response)
    {
        var output = new ArrayBufferWriter<byte>();
        response.WriteTo(output);
        Assert.Equal(response.Size, output.WrittenCount);
        return output.WrittenSpan.ToArray();
    }
}
