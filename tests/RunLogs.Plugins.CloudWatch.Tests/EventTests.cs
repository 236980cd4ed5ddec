using System.Text.Json.Nodes;
using RunLogs.Abstractions;
using RunLogs.Testing;

namespace RunLogs.Plugins.CloudWatch.Tests;

public sealed class EventTests : CloudWatchTests
{
    private const string Kubernetes = """ "kubernetes":{"pod_name":"finished-a0-0","namespace_name":"flytesnacks-development","pod_id":"6f2d7c9e-0a4b-4a5e-9d3e-1f0c5b7a8e21","container_name":"main","labels":{"a":{"b":[1]}}}""";

    public static TheoryData<string, string> Shapes => new()
    {
        // An envelope of the agent.
        { """{"time":"2026-11-22T17:53:44.5Z","stream":"stdout","_p":"F","log":"x",""" + Kubernetes + "}", "x" },
        { """{"log":"with a newline\n","stream":"stderr",""" + Kubernetes + "}", "with a newline" },
        { """{"log":"windows\r\n","stream":"stderr",""" + Kubernetes + "}", "windows" },
        { """{"log":"","stream":"stdout",""" + Kubernetes + "}", "" },
        { """{"log":"  blanks  ","log_processed":{"a":1},"stream":"stdout",""" + Kubernetes + "}", "  blanks  " },
        { """{"message":"renamed","stream":"stdout",""" + Kubernetes + "}", "renamed" },
        { """{"msg":"renamed","stream":"stdout",""" + Kubernetes + "}", "renamed" },
        { """{"message":"second","log":"first","stream":"stdout",""" + Kubernetes + "}", "first" },
        { """{"log_processed":{"level":"info","n":1},"stream":"stdout",""" + Kubernetes + "}", """{"level":"info","n":1}""" },
        { """{"log":"{\"log\":\"never twice\",\"stream\":\"stdout\"}","stream":"stdout",""" + Kubernetes + "}", """{"log":"never twice","stream":"stdout"}""" },
        { """{"log":"\u001b[31mred\u0000","stream":"stdout",""" + Kubernetes + "}", "\u001b[31mred\0" },
        { """{"log":"half \ud83d of it","stream":"stdout",""" + Kubernetes + "}", "half \ufffd of it" },
        { """{"log":"a \"quoted\" \\ back\/slash","stream":"stdout",""" + Kubernetes + "}", """a "quoted" \ back/slash""" },
        // The runtime's form, which an agent without its parser passes on.
        { """{"log":"2026-11-22T17:53:44.5Z stdout F text",""" + Kubernetes + "}", "text" },
        { """{"log":"2026-11-22T17:53:44.5Z stdout X text",""" + Kubernetes + "}", "2026-11-22T17:53:44.5Z stdout X text" },
        { """{"log":"2026-11-22T17:53:44.5Z stdout F text","stream":"stdout",""" + Kubernetes + "}", "2026-11-22T17:53:44.5Z stdout F text" },
        // Without Kubernetes' names it is an envelope only with all that the runtime tells.
        { """{"time":"2026-11-22T17:53:44.5Z","stream":"stdout","log":"x"}""", "x" },
        { """{"stream":"stdout","logtag":"F","log":"x"}""", "x" },
        // An application's own JSON stays whole.
        { """{"message":"mine","level":"info"}""", """{"message":"mine","level":"info"}""" },
        { """{"log":"mine"}""", """{"log":"mine"}""" },
        { """{"stream":"stdout","log":"mine"}""", """{"stream":"stdout","log":"mine"}""" },
        { """{"stream":"upstream","time":"2026-11-22T17:53:44.5Z","log":"mine"}""", """{"stream":"upstream","time":"2026-11-22T17:53:44.5Z","log":"mine"}""" },
        { """{"kubernetes":"mine","log":"x"}""", """{"kubernetes":"mine","log":"x"}""" },
        { """{"kubernetes":{"pod_name":"another","namespace_name":"a","container_name":"b"},"log":"mine"}""", """{"kubernetes":{"pod_name":"another","namespace_name":"a","container_name":"b"},"log":"mine"}""" },
        // And so does all that is no JSON object.
        { "plain text", "plain text" },
        { """{"log":"x","stream":"stdout" """, """{"log":"x","stream":"stdout" """ },
        { """{"log":"x"} and more""", """{"log":"x"} and more""" },
        { """["log"]""", """["log"]""" },
        { "{", "{" },
        { "{}", "{}" },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task An_event_becomes_the_line_it_was(string message, string line)
    {
        await EndedWithAsync(message);

        await ReadAsync();

        Assert.Equal([line], Output.Texts);
        Assert.Equal(LineEnd.LineFeed, Output.Lines[0].End);
    }

    [Fact]
    public async Task The_envelope_tells_time_and_stream()
    {
        await EndedWithAsync("""{"time":"2026-11-22T17:53:44.123456789Z","stream":"stderr","log":"x",""" + Kubernetes + "}");

        await ReadAsync();

        Assert.Equal((Some.Time("2026-11-22T17:53:44.123456789Z"), OutputStream.Stderr), (Output.Lines[0].Timestamp, Output.Lines[0].Stream));
    }

    [Fact]
    public async Task Plain_text_has_the_events_time()
    {
        await EndedWithAsync("plain");

        await ReadAsync();

        Assert.Equal((Some.Time("2026-11-22T17:53:44.488Z"), OutputStream.Unknown), (Output.Lines[0].Timestamp, Output.Lines[0].Stream));
    }

    [Fact]
    public async Task Embedded_newlines_part_lines()
    {
        await EndedWithAsync("""{"log":"Traceback\r\n  at one\n\n  at two\n","stream":"stderr",""" + Kubernetes + "}");

        await ReadAsync();

        Assert.Equal(["Traceback", "  at one", "", "  at two"], Output.Texts);
    }

    [Fact]
    public async Task Parts_of_both_streams_are_joined_each_with_its_own()
    {
        await EndedWithAsync(Part("stdout", "P", "a1"), Part("stderr", "P", "b1"), Part("stdout", "P", "a2"), Part("stderr", "F", "b2"), Part("stdout", "F", "a3"));

        await ReadAsync();

        Assert.Equal(["b1b2", "a1a2a3"], Output.Texts);
    }

    [Fact]
    public async Task What_the_agent_did_not_keep_is_said_to_be_inexact_once()
    {
        await EndedWithAsync([.. Enumerable.Range(0, 3).Select(i => $$"""{"log_processed":{"n":{{i}}},"stream":"stdout",""" + Kubernetes + "}")]);

        await ReadAsync();

        Assert.Equal(3, Output.Lines.Count);
        Assert.Single(Output.Notices, notice => notice.Kind == LogNoticeKind.Inexact);
    }

    [Fact]
    public async Task The_keys_of_lines_can_be_set()
    {
        Node.Settings["MessageKeys"] = "text, log";
        await EndedWithAsync("""{"text":"mine","log":"other","stream":"stdout",""" + Kubernetes + "}");

        await ReadAsync();

        Assert.Equal(["mine"], Output.Texts);
    }

    [Fact]
    public async Task Events_of_a_shared_stream_are_told_apart_by_their_names()
    {
        (Node.Settings["Preset"], Node.Settings["LogStreamPrefix"]) = ("Plain", "everything");
        (Node.Settings["LogGroup"]) = Testing.CloudWatch.CloudWatchNode.LogGroup;
        var other = """{"log":"not mine","stream":"stdout","kubernetes":{"pod_name":"another","namespace_name":"flytesnacks-development","container_name":"main"}}""";
        Logs.Put(Testing.CloudWatch.CloudWatchNode.LogGroup, "everything", new[] { other, Part("stdout", "F", "mine"), other }.Select(message => (Milliseconds(Some.Lines(1)[0]), message)));
        await Node.EndAsync(Container);

        await ReadAsync();

        Assert.Equal(["mine"], Output.Texts);
    }

    private static string Part(string stream, string flag, string text) =>
        new JsonObject { ["stream"] = stream, ["_p"] = flag, ["log"] = text }.ToJsonString()[..^1] + "," + Kubernetes + "}";

    private async Task EndedWithAsync(params string[] messages)
    {
        Put(messages.Select(message => (Milliseconds(Some.Lines(1)[0]), message)));
        await Node.EndAsync(Container);
    }
}
