using RunLogs.Protos.Flyte.Common;
using RunLogs.Testing.Kubernetes;

namespace RunLogs.EndToEnd.Tests;

/// <summary>What a user of Flyte's console sees: its transport in a browser, its order of calls, all pods, and what it makes of errors.</summary>
public sealed class FlyteConsoleTests(FlyteClientsRig clients) : IClassFixture<FlyteClientsRig>
{
    private Rig Rig => clients.Rig;

    [Theory]
    [InlineData("json")]
    [InlineData("binary")]
    [InlineData("grpc-web")]
    public async Task It_shows_every_pod_with_its_name_until_all_have_ended(string transport)
    {
        var run = clients.NextRun();
        var (first, second) = (Rig.Api.AddPod("flyte", $"{run}-a0-0"), Rig.Api.AddPod("flyte", $"{run}-worker-1"));
        first.Container("main").Append("of the first");
        second.Container("main").Append("of the second ☺");
        await clients.Flyte.AddAsync(run, ActionPhase.Running, [first.Name, second.Name]);
        using var console = await FlyteProgram.StartConsoleAsync(Rig.Host.HttpAddress, run, transport);

        Assert.Equal(Rig.Host.HttpAddress.AbsoluteUri.TrimEnd('/'), await console.ReadAsync("endpoint"));
        await console.ReadAsync("line");
        await console.ReadAsync("line");
        first.Container("main").Terminate();
        second.Container("main").Terminate();
        Assert.Equal(("OK", ""), await console.ReadToEndAsync());

        Assert.Equal(["of the first\n", "of the second ☺\n"], console.Lines.Order(StringComparer.Ordinal));
        Assert.Equal([$"{first.Name}/main", $"{second.Name}/main"], console.All("container").Order(StringComparer.Ordinal));
        Assert.Equal([first.Name[^5..], "ker-1"], console.All("container").Zip(console.All("shortPodName")).Order().Select(line => line.Second));
        Assert.Empty(console.All("retry").Concat(console.All("swallowed")));
        Assert.Single(console.All("endpoint"));
    }

    [Fact]
    public async Task What_there_is_not_is_said_at_once_and_not_asked_for_again()
    {
        using var console = await FlyteProgram.StartConsoleAsync(Rig.Host.HttpAddress, "never");

        Assert.Equal(("NotFound", "no event found for action acme/flytesnacks/development/never/a0 attempt 1"), await console.ReadToEndAsync());
        Assert.Empty(console.Lines.Concat(console.All("retry")));
        Assert.Single(console.All("endpoint"));
    }

    [Fact]
    public async Task A_page_that_is_opened_before_the_pod_fills_when_it_writes()
    {
        var run = clients.NextRun();
        await clients.Flyte.AddAsync(run, ActionPhase.Queued);
        using var console = await FlyteProgram.StartConsoleAsync(Rig.Host.HttpAddress, run);
        await console.ReadAsync("beat");

        var pod = Rig.Api.AddPod("flyte", $"{run}-a0-0");
        pod.Container("main").Append("one");
        await clients.Flyte.AddAsync(run, ActionPhase.Running, pod.Name);
        Assert.Equal("one\n", await console.ReadAsync("line"));
        pod.Container("main").Terminate();
        Assert.Equal(("OK", ""), await console.ReadToEndAsync());

        Assert.Equal(["one\n"], console.Lines);
        Assert.Empty(console.All("retry").Concat(console.All("swallowed")));
    }

    [Theory]
    [InlineData(403, "PermissionDenied")]
    [InlineData(503, "Aborted")]
    public async Task An_error_after_the_first_line_leaves_the_page_as_it_is(int status, string code)
    {
        var run = clients.NextRun();
        var pod = Rig.Api.AddPod("flyte", $"{run}-a0-0");
        pod.Container("main").Append("one");
        await clients.Flyte.AddAsync(run, ActionPhase.Running, pod.Name);
        using var console = await FlyteProgram.StartConsoleAsync(Rig.Host.HttpAddress, run);
        Assert.Equal("one\n", await console.ReadAsync("line"));

        pod.LogAnswer = pod.StatusAnswer = FakeAnswer.Status(status, "Of the test", "no");
        Rig.Api.Streams.Single(stream => stream.Pod == pod).Cut();
        Assert.Equal(("OK", ""), await console.ReadToEndAsync());

        Assert.Equal([code], console.All("swallowed"));
        Assert.Equal(["one\n"], console.Lines);
        Assert.Empty(console.All("retry"));
    }

    [Fact]
    public async Task A_page_of_another_origin_is_shown_nothing()
    {
        var run = clients.NextRun();
        var pod = Rig.Api.AddPod("flyte", $"{run}-a0-0");
        pod.Container("main").Append("one");
        pod.Container("main").Terminate();
        await clients.Flyte.AddAsync(run, ActionPhase.Running, pod.Name);
        using var console = await FlyteProgram.StartConsoleAsync(Rig.Host.HttpAddress, run, origin: "https://evil.example.org");

        Assert.Contains("Failed to fetch", (await console.ReadToEndAsync()).Message, StringComparison.Ordinal);
        Assert.Empty(console.Lines.Concat(console.All("endpoint")));
    }
}
