using RunLogs.Protos.Flyte.Common;
using RunLogs.Testing.Kubernetes;

namespace RunLogs.EndToEnd.Tests;

/// <summary>What a user of Flyte's SDK sees: its stubs, its order of calls, its tries, and its habit of beginning a broken stream again.</summary>
public sealed class FlyteSdkTests(FlyteClientsRig clients) : IClassFixture<FlyteClientsRig>
{
    private Rig Rig => clients.Rig;

    [Fact]
    public async Task It_asks_where_logs_are_and_reads_them_there_to_their_end()
    {
        var run = clients.NextRun();
        var pod = Rig.Api.AddPod("flyte", $"{run}-a0-0");
        pod.Container("main").Append("one ☺");
        pod.Container("main").Append("");
        pod.Container("main").Append("three");
        await clients.Flyte.AddAsync(run, ActionPhase.Running, pod.Name);
        var address = Rig.Host.HttpAddress.AbsoluteUri.TrimEnd('/');
        await using var other = await HostProcess.StartAsync($"RunLogs:AdvertisedUrl={address}"); // which knows no run
        using var sdk = FlyteProgram.StartSdk(other.HttpAddress, run);

        Assert.Equal(address, await sdk.ReadAsync("endpoint"));
        await sdk.ReadAsync("line");
        pod.Container("main").Terminate();
        Assert.Equal(("OK", ""), await sdk.ReadToEndAsync());

        Assert.Equal("one ☺\n\nthree\n", string.Concat(sdk.Lines)); // it adds no line ends of its own
        AssertShownOnce(sdk);
        Assert.Single(sdk.All("endpoint"));
    }

    [Fact]
    public async Task Its_tries_find_a_run_that_begins_meanwhile_and_wait_for_its_pod()
    {
        var run = clients.NextRun();
        using var sdk = FlyteProgram.StartSdk(Rig.Host.HttpAddress, run);

        Assert.Equal("NotFound", await sdk.ReadAsync("tryAgain"));
        Assert.Equal("NotFound", await sdk.ReadAsync("tryAgain"));
        await clients.Flyte.AddAsync(run, ActionPhase.Queued);
        await sdk.ReadAsync("beat");
        var pod = Rig.Api.AddPod("flyte", $"{run}-a0-0");
        pod.Container("main").Append("one");
        await clients.Flyte.AddAsync(run, ActionPhase.Running, pod.Name);
        Assert.Equal("one\n", await sdk.ReadAsync("line"));
        pod.Container("main").Append("two");
        pod.Container("main").Terminate();
        Assert.Equal(("OK", ""), await sdk.ReadToEndAsync());

        Assert.Equal(["one\n", "two\n"], sdk.Lines);
        Assert.InRange(sdk.All("tryAgain").Count(), 2, 3); // the row may come while the third is under way
        Assert.Empty(sdk.All("retry").Concat(sdk.All("login")));
    }

    [Theory]
    [InlineData("never")]
    [InlineData("unauthorized-unauthenticated")]
    public async Task Of_a_run_that_nobody_has_heard_of_it_says_after_five_tries_that_there_is_no_log_yet(string run)
    {
        using var sdk = FlyteProgram.StartSdk(Rig.Host.HttpAddress, run);

        var (end, message) = await sdk.ReadToEndAsync();

        Assert.Equal("LogsNotYetAvailable", end);
        Assert.StartsWith("no event found for action flytesnacks/development/", message, StringComparison.Ordinal);
        Assert.Equal(4, sdk.All("tryAgain").Count());
        Assert.Empty(sdk.Lines);
        Assert.Empty(sdk.All("retry").Concat(sdk.All("login"))); // be the run's name what it may
    }

    [Theory]
    [InlineData(401, "Unauthorized", "PermissionDenied")]
    [InlineData(403, "Forbidden", "PermissionDenied")]
    [InlineData(429, "TooManyRequests", "Aborted")]
    [InlineData(500, "InternalError", "Aborted")]
    [InlineData(503, "ServiceUnavailable", "Aborted")]
    public async Task An_error_after_the_first_line_shows_nothing_twice_and_nobody_logs_in_again(int status, string reason, string end)
    {
        var run = clients.NextRun();
        var pod = Rig.Api.AddPod("flyte", $"{run}-a0-0");
        pod.Container("main").Append("one");
        await clients.Flyte.AddAsync(run, ActionPhase.Running, pod.Name);
        using var sdk = FlyteProgram.StartSdk(Rig.Host.HttpAddress, run);
        Assert.Equal("one\n", await sdk.ReadAsync("line"));

        pod.LogAnswer = pod.StatusAnswer = FakeAnswer.Status(status, reason, "Unauthorized, unauthenticated");
        Rig.Api.Streams.Single(stream => stream.Pod == pod).Cut();
        var (code, message) = await sdk.ReadToEndAsync();

        Assert.Equal(end, code);
        Sentence.Check(message);
        Assert.Equal(["one\n"], sdk.Lines);
        AssertShownOnce(sdk);
    }

    [Fact]
    public async Task A_stream_that_breaks_and_comes_back_is_not_noticed()
    {
        var run = clients.NextRun();
        var pod = Rig.Api.AddPod("flyte", $"{run}-a0-0");
        pod.Container("main").Append("one");
        await clients.Flyte.AddAsync(run, ActionPhase.Running, pod.Name);
        using var sdk = FlyteProgram.StartSdk(Rig.Host.HttpAddress, run);
        Assert.Equal("one\n", await sdk.ReadAsync("line"));

        Rig.Api.Streams.Single(stream => stream.Pod == pod).Cut();
        pod.Container("main").Append("two");
        pod.Container("main").Terminate();
        Assert.Equal(("OK", ""), await sdk.ReadToEndAsync());

        Assert.Equal(["one\n", "two\n"], sdk.Lines);
        AssertShownOnce(sdk);
    }

    [Fact]
    public async Task A_run_that_gets_no_pod_in_time_ends_with_a_sentence_and_is_not_asked_for_again()
    {
        var run = clients.NextRun();
        await clients.Flyte.AddAsync(run, ActionPhase.WaitingForResources);
        await using var hasty = await clients.Flyte.StartHostAsync("RunLogs:Contexts:WaitForStart=00:00:01");
        using var sdk = FlyteProgram.StartSdk(hasty.HttpAddress, run);

        Assert.Equal(
            ("FailedPrecondition", $"action flytesnacks/development/{run}/a0 attempt 1 has got no pod with its containers within 1 s: ask again when it runs"), await sdk.ReadToEndAsync());
        AssertShownOnce(sdk);
    }

    [Fact]
    public async Task A_host_that_is_shut_down_ends_the_log_where_it_stands()
    {
        await using var flyte = await FlyteClientsRig.StartAsync();
        var pod = flyte.Rig.Api.AddPod("flyte", "run-a0-0");
        pod.Container("main").Append("one");
        await flyte.AddAsync("run", ActionPhase.Running, pod.Name);
        using var sdk = FlyteProgram.StartSdk(flyte.Rig.Host.HttpAddress, "run");
        Assert.Equal("one\n", await sdk.ReadAsync("line"));

        Assert.Equal(0, await flyte.Rig.Host.TerminateAsync());
        var (end, message) = await sdk.ReadToEndAsync();

        Assert.Equal("Aborted", end);
        Assert.StartsWith("RunLogs is shutting down", message, StringComparison.Ordinal);
        Assert.Equal(["one\n"], sdk.Lines);
        AssertShownOnce(sdk);
    }

    [Fact]
    public async Task While_the_database_is_away_the_SDK_and_the_console_ask_again_and_show_the_log_once_when_it_is_back()
    {
        await using var flyte = await FlyteClientsRig.StartAsync();
        flyte.Rig.Host.ExpectedErrors.AddRange(["RunLogs.Host.Contexts.FlyteDatabase", "HealthChecks"]);
        var pod = flyte.Rig.Api.AddPod("flyte", "run-a0-0");
        pod.Container("main").Append("one");
        pod.Container("main").Terminate();
        await flyte.AddAsync("run", ActionPhase.Running, pod.Name);
        await flyte.KillDatabaseAsync();

        // Slower than they are, so that they have not given up when a busy machine has recovered the database.
        using var sdk = FlyteProgram.StartSdk(flyte.Rig.Host.HttpAddress, "run", pace: 10);
        using var console = await FlyteProgram.StartConsoleAsync(flyte.Rig.Host.HttpAddress, "run", pace: 10);

        Assert.Equal(("Unavailable", "Unavailable"), (await sdk.ReadAsync("retry"), await console.ReadAsync("retry")));
        await flyte.RestartDatabaseAsync();

        Assert.Equal((("OK", ""), ("OK", "")), (await sdk.ReadToEndAsync(), await console.ReadToEndAsync()));
        Assert.Equal(["one\n"], sdk.Lines);
        Assert.Equal(["one\n"], console.Lines);
        Assert.Empty(sdk.All("login"));
    }

    private static void AssertShownOnce(FlyteProgram sdk) => Assert.Empty(sdk.All("retry").Concat(sdk.All("login")).Concat(sdk.All("tryAgain")));
}
