using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using RunLogs.Abstractions;
using RunLogs.Testing;
using RunLogs.Testing.Stackdriver.Protos;
using LogEntry = RunLogs.Testing.Stackdriver.Protos.LogEntry;

namespace RunLogs.Plugins.Stackdriver.Tests;

public sealed class EntryTests : StackdriverTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("with a newline\n", "with a newline")]
    [InlineData("windows\r\n", "windows")]
    [InlineData("two feeds\n\n", "two feeds|")]
    [InlineData("a stack\n  at one\r\n  at two", "a stack|  at one|  at two")]
    [InlineData("", "")]
    [InlineData("{\"message\":\"text that looks like JSON\"}", "{\"message\":\"text that looks like JSON\"}")]
    public async Task A_text_is_the_line_itself(string text, string expected)
    {
        await PutAsync(entry => entry.TextPayload = text);

        await ReadAsync();

        Assert.Equal(expected.Split('|'), Output.Texts);
        Assert.DoesNotContain(Output.Notices, notice => notice.Kind == LogNoticeKind.Inexact);
    }

    [Theory]
    [InlineData("""{"message":"hello","level":"info"}""", "hello")]
    [InlineData("""{"msg":"hello"}""", "hello")]
    [InlineData("""{"log":"hello\n","msg":7}""", "hello")]
    [InlineData("""{"message":{"text":"hello"}}""", """{"message":{"text":"hello"}}""")]
    [InlineData("""{"z":1,"a":[true,null,1.5,"ü 🚀 <b>"],"m":{}}""", """{"a":[true,null,1.5,"ü 🚀 <b>"],"m":{},"z":1}""")]
    [InlineData("""{"n":-0.25,"big":12345678901,"exp":1e300}""", """{"big":12345678901,"exp":1E+300,"n":-0.25}""")]
    [InlineData("""{"n":9007199254740993}""", """{"n":9007199254740992}""")]
    [InlineData("""{"a\\\"b":"tab\t feed\n bell\u0007 \\"}""", """{"a\\\"b":"tab\t feed\n bell\u0007 \\"}""")]
    [InlineData("{}", "{}")]
    public async Task A_json_payload_is_its_message_or_compact_json_and_inexact(string payload, string expected)
    {
        await PutAsync(entry => entry.JsonPayload = JsonParser.Default.Parse<Struct>(payload));

        await ReadAsync();

        Assert.Equal([expected], Output.Texts);
        Assert.Single(Output.Notices, notice => notice.Kind == LogNoticeKind.Inexact);
    }

    [Fact]
    public async Task A_json_payload_can_be_asked_for_whole_or_by_other_keys()
    {
        await PutAsync(entry => entry.JsonPayload = JsonParser.Default.Parse<Struct>("""{"message":"hello","event":"started"}"""));
        Node.Settings["WholeJson"] = "true";
        await ReadAsync();
        Node.Settings["WholeJson"] = "false";
        Node.Settings["MessageKeys"] = "event, message";
        await using var other = Node.CreateStreamer();
        await Node.Within(other.TailLogsAsync(Node.Request(Container), Output, CancellationToken.None));

        Assert.Equal(["""{"event":"started","message":"hello"}""", "started"], Output.Texts);
    }

    [Fact]
    public async Task A_payload_of_another_kind_is_named_by_its_type()
    {
        await PutAsync(entry => entry.ProtoPayload = new Any { TypeUrl = "type.googleapis.com/google.cloud.audit.AuditLog" });

        await ReadAsync();

        Assert.Equal(["[type.googleapis.com/google.cloud.audit.AuditLog]"], Output.Texts);
    }

    [Fact]
    public async Task An_entry_without_payload_is_an_empty_line()
    {
        await PutAsync(entry => entry.ClearPayload());

        await ReadAsync();

        Assert.Equal([""], Output.Texts);
        Assert.Single(Output.Notices, notice => notice.Kind == LogNoticeKind.Inexact);
    }

    [Theory]
    [InlineData(LogSeverity.Error, OutputStream.Stdout)]
    [InlineData(LogSeverity.Info, OutputStream.Stderr)]
    public async Task The_stream_is_that_of_the_log_whatever_the_severity(LogSeverity severity, OutputStream stream)
    {
        await Node.RunAsync(Container);
        Logging.Put(Container, Some.Line("x", stream: stream), entry => entry.Severity = severity);
        await Node.EndAsync(Container);

        await ReadAsync();

        Assert.Equal((stream, LogOriginator.User), (Output.Lines[0].Stream, Output.Lines[0].Originator));
    }

    [Fact]
    public async Task The_parts_of_a_split_text_are_joined_in_their_order_wherever_they_come()
    {
        await Node.RunAsync(Container, At("before", 0));
        Split("u", 2, 3, "three", 3);
        Split("v", 1, 2, "beta", 2);
        Split("u", 0, 3, "one,", 4);
        Split("v", 0, 2, "alpha,", 5);
        Split("u", 1, 3, "two,", 6);
        Logging.Put(Container, At("after", 7));
        await Node.EndAsync(Container);

        await ReadAsync();

        Assert.Equal(["before", "alpha,beta", "one,two,three", "after"], Output.Texts);
    }

    [Fact]
    public async Task The_last_lines_count_a_split_text_once()
    {
        await Node.RunAsync(Container, At("before", 0));
        Split("u", 0, 3, "one,", 1);
        Split("u", 1, 3, "two,", 1);
        Split("u", 2, 3, "three\n", 1);
        Logging.Put(Container, At("a\nb", 2));
        await Node.EndAsync(Container);

        await ReadAsync(Node.Request(Container) with { TailLines = 3 });

        Assert.Equal(["one,two,three", "a", "b"], Output.Texts);
    }

    [Fact]
    public async Task A_part_that_never_comes_is_told()
    {
        await Node.RunAsync(Container, At("before", 0));
        Split("u", 0, 3, "one,", 1);
        Split("u", 2, 3, "three", 1);

        await FollowAsync(async () =>
        {
            await Node.Within(Output.LinesAsync(1));
            await Node.Within(Output.NoticeAsync(LogNoticeKind.LinesLost));
            await Node.AppendAsync(Container, At("after", 2));
            await Node.Within(Output.LinesAsync(3));
        });

        Assert.Equal(["before", "one,three", "after"], Output.Texts);
        Assert.Contains("2 of the 3 parts", Output.Notices.Single(notice => notice.Kind == LogNoticeKind.LinesLost).Message, StringComparison.Ordinal);
    }

    private async Task PutAsync(Action<LogEntry> change)
    {
        await Node.RunAsync(Container);
        Logging.Put(Container, Some.Line(""), change);
        await Node.EndAsync(Container);
    }

    private void Split(string uid, int index, int total, string text, int seconds) => Logging.Put(Container, At(text, seconds), entry => entry.Split = new LogSplit { Uid = uid, Index = index, TotalSplits = total });
}
