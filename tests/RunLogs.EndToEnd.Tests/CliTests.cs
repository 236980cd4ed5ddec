using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using RunLogs.Testing;
using RunLogs.Testing.Kubernetes;

namespace RunLogs.EndToEnd.Tests;

/// <summary>What the command line prints, and what it tells a script.</summary>
public sealed class CliTests(Rig rig) : IClassFixture<Rig>
{
    [Fact]
    public async Task A_finished_log_is_printed_as_it_is_and_is_a_success()
    {
        var run = await FinishedAsync("one", "  two\t", "", "drei äöü");

        var (exitCode, output, errors) = await Cli.RunAsync(rig.Host, "tail", $"flytesnacks/development/{run}");

        Assert.Equal((0, "one\n  two\t\n\ndrei äöü\n", ""), (exitCode, output, errors));
    }

    [Fact]
    public async Task Times_are_printed_as_kubectl_prints_them()
    {
        var (run, pod) = await rig.AddRunAsync();
        pod.Container("main").Append(FakeContainer.DefaultStart.Add(TimeSpan.FromTicks(1234567)), "one");
        pod.Container("main").Terminate();

        var (_, output, _) = await Cli.RunAsync(rig.Host, "tail", $"flytesnacks/development/{run}/a0/1", "-t");

        Assert.Equal("2026-01-02T03:04:05.123456700Z one\n", output);
    }

    [Fact]
    public async Task Only_the_last_lines_or_those_with_a_text_are_printed_when_asked_for()
    {
        var run = await FinishedAsync("a 1", "b 2", "a 3", "b 4");

        var last = await Cli.RunAsync(rig.Host, "tail", $"flytesnacks/development/{run}", "--tail", "2");
        var some = await Cli.RunAsync(rig.Host, "tail", $"flytesnacks/development/{run}", "--grep", "a ");
        var matched = await Cli.RunAsync(rig.Host, "tail", $"flytesnacks/development/{run}", "--regex", "^b [34]$");

        Assert.Equal(["a 3\nb 4\n", "a 1\na 3\n", "b 4\n"], new[] { last, some, matched }.Select(call => call.Output));
    }

    [Fact]
    public async Task Several_containers_of_a_pod_are_told_apart_by_name_and_colour()
    {
        var (_, pod) = await rig.AddRunAsync();
        pod.Container("main").Append("from main");
        pod.Container("side").Append("from side");
        pod.Container("main").Terminate();
        pod.Container("side").Terminate();
        string[] arguments = ["tail", "--pod", $"flyte/{pod.Name}", "-c", "main", "-c", "side"];

        var plain = await Cli.RunAsync(rig.Host, arguments);
        var colored = await Cli.RunAsync(rig.Host, [.. arguments, "--color", "always"]);

        Assert.Equal([$"[{pod.Name}/main] from main", $"[{pod.Name}/side] from side"], plain.Output.TrimEnd('\n').Split('\n').Order());
        Assert.Contains("\e[", colored.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("\e[", plain.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_is_one_object_a_line_and_ends_with_the_closing_record()
    {
        var run = await FinishedAsync("one", "two \"quoted\"");

        var (exitCode, output, _) = await Cli.RunAsync(rig.Host, "tail", $"flytesnacks/development/{run}", "-o", "json");

        var objects = output.TrimEnd('\n').Split('\n').Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(0, exitCode);
        Assert.Equal(["one", "two \"quoted\""], objects[..^1].Select(line => line.GetProperty("message").GetString()));
        Assert.All(objects[..^1], line => Assert.Equal("main", line.GetProperty("container").GetString()));
        var closing = objects[^1].GetProperty("closing");
        Assert.Equal((2, "COMPLETE", "CONTAINER_ENDED"), (closing.GetProperty("lines").GetInt32(), closing.GetProperty("completeness").GetString(), closing.GetProperty("endReason").GetString()));
    }

    [Fact]
    public async Task What_is_not_there_is_exit_code_3_and_a_sentence()
    {
        var (exitCode, output, errors) = await Cli.RunAsync(rig.Host, "tail", "flytesnacks/development/never");

        Assert.Equal((3, ""), (exitCode, output));
        Assert.StartsWith("runlogs: ", errors, StringComparison.Ordinal);
        Assert.Single(errors.TrimEnd('\n').Split('\n'));
    }

    [Theory]
    [InlineData("flytesnacks/development is no attempt", "tail", "flytesnacks/development")]
    [InlineData("one of the two", "tail")]
    [InlineData("'x' is no whole number", "tail", "a/b/c", "--tail", "x")]
    [InlineData("'yesterday' is no moment", "tail", "a/b/c", "--since", "yesterday")]
    [InlineData("Unrecognized command", "tial")]
    [InlineData("regex", "tail", "a/b/c", "--regex", "(")]
    public async Task A_wrong_command_line_is_exit_code_2_and_says_what_is_wrong(string told, params string[] arguments)
    {
        var (exitCode, output, errors) = await Cli.RunAsync(rig.Host, arguments);

        Assert.Equal((2, ""), (exitCode, output));
        Assert.Contains(told, errors.Replace("'flytesnacks/development'", "flytesnacks/development", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_host_that_is_not_there_or_whose_other_port_is_asked_is_exit_code_4()
    {
        using var nobody = Cli.Start("http://127.0.0.1:1", "backends");
        using var other = Cli.Start(rig.Host.HttpAddress.ToString(), "backends");

        var (nobodyCode, _, nobodySaid) = await nobody.EndAsync();
        var (otherCode, _, otherSaid) = await other.EndAsync();

        Assert.Equal((4, 4), (nobodyCode, otherCode));
        Assert.StartsWith("runlogs: No answer from http://127.0.0.1:1/: is the host running there?", nobodySaid, StringComparison.Ordinal);
        Assert.Contains("gRPC address", otherSaid, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_log_that_may_miss_lines_is_exit_code_6()
    {
        var (run, pod) = await rig.AddRunAsync();
        pod.Container("main").Append("one");
        using var cli = Cli.Start(rig.Host, "tail", $"flytesnacks/development/{run}", "-f");
        await cli.UntilAsync(output => output == "one\n");

        rig.Api.DeletePod(pod);
        rig.Api.EndStreams();
        var (exitCode, output, errors) = await cli.EndAsync();

        Assert.Equal((6, "one\n"), (exitCode, output));
        Assert.Contains("may be missing", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ctrl_C_ends_a_follow_with_130_and_prints_nothing_more()
    {
        var (run, pod) = await rig.AddRunAsync();
        pod.Container("main").Append("one");
        using var cli = Cli.Start(rig.Host, "tail", $"flytesnacks/development/{run}", "--follow");
        await cli.UntilAsync(output => output == "one\n");

        await cli.SignalAsync("INT");

        Assert.Equal((130, "one\n", ""), await cli.EndAsync());
    }

    [Fact]
    public async Task A_call_goes_on_where_the_one_before_left_its_file()
    {
        var (run, pod) = await rig.AddRunAsync();
        pod.Container("main").Append("one");
        var file = Path.Combine(rig.FilesRoot, $"{run}.cursor");
        string[] arguments = ["tail", $"flytesnacks/development/{run}", "--resume", file];

        var first = await Cli.RunAsync(rig.Host, arguments);
        pod.Container("main").Append("two");
        pod.Container("main").Terminate();
        var second = await Cli.RunAsync(rig.Host, arguments);
        var third = await Cli.RunAsync(rig.Host, arguments);

        Assert.Equal(["one\n", "two\n", ""], new[] { first, second, third }.Select(call => call.Output));
        Assert.All([first, second, third], call => Assert.Equal(0, call.ExitCode));
    }

    [Fact]
    public async Task Contexts_and_backends_are_tables_or_json()
    {
        var run = await FinishedAsync("x");

        var contexts = await Cli.RunAsync(rig.Host, "contexts", $"flytesnacks/development/{run}");
        var backends = await Cli.RunAsync(rig.Host, "backends");
        var json = await Cli.RunAsync(rig.Host, "backends", "--json");

        Assert.Contains($"acme:flytesnacks/development/{run}/a0/1", contexts.Output, StringComparison.Ordinal);
        Assert.Contains($"{run}-a0-0", contexts.Output, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^Kubernetes +Active ", backends.Output);
        Assert.Equal("ACTIVE", JsonDocument.Parse(json.Output).RootElement.GetProperty("backends")[0].GetProperty("state").GetString());
    }

    [Fact]
    public async Task A_host_that_is_restarted_under_a_follow_costs_no_line_and_repeats_none()
    {
        var port = FreePort();
        var data = Directory.CreateTempSubdirectory("runlogs-data-");
        string[] place = [$"Kestrel:Endpoints:Grpc:Url=http://127.0.0.1:{port}", $"RunLogs:DataDirectory={data.FullName}"];
        var host = await rig.StartHostAsync(place);
        var (run, pod) = await rig.AddRunAsync();
        await Rig.PutContextAsync(host, run, pod.Name);
        var container = pod.Container("main");
        container.Append(Lines(0, 5000));
        using var cli = Cli.Start(host, "tail", $"flytesnacks/development/{run}", "-f", "-o", "raw");
        await cli.UntilAsync(output => output.Contains("line 4999\n", StringComparison.Ordinal));

        container.Append(Lines(5000, 5000));
        await host.TerminateAsync();
        await host.DisposeAsync();
        container.Append(Lines(10_000, 5000));
        var next = await rig.StartHostAsync(place);
        await cli.UntilAsync(output => output.Contains("line 14999\n", StringComparison.Ordinal));
        container.Append(Lines(15_000, 5000));
        container.Terminate();
        var (exitCode, output, errors) = await cli.EndAsync();

        Assert.Equal(Enumerable.Range(0, 20_000).Select(i => $"line {i}"), output.TrimEnd('\n').Split('\n'));
        Assert.Equal(0, exitCode);
        Assert.Contains("goes on where it stands", errors, StringComparison.Ordinal);
        await next.DisposeAsync();
        data.Delete(recursive: true);
    }

    private static IEnumerable<WrittenLine> Lines(int first, int count) =>
        Enumerable.Range(first, count).Select(i => Some.Line($"line {i}", FakeContainer.DefaultStart.Add(TimeSpan.FromMilliseconds(i / 10))));

    // Of one that was just closed: the host must stand at the same address twice.
    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private async Task<string> FinishedAsync(params string[] texts)
    {
        var (run, pod) = await rig.AddRunAsync();
        foreach (var text in texts)
        {
            pod.Container("main").Append(text);
        }

        pod.Container("main").Terminate();
        return run;
    }
}
