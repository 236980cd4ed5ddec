using Microsoft.AspNetCore.Http;

namespace RunLogs.EndToEnd.Tests;

/// <summary>What a user of Flyte's SDK sees whose host asks Flyte's RunService where actions run.</summary>
public sealed class FlyteServiceTests
{
    private const string Pod = "run-a0-0";

    [Fact]
    public async Task Credentials_that_are_to_go_on_reach_Flyte_and_no_log_of_ours()
    {
        await using var flyte = await OnePodRunService.StartAsync(Pod);
        await using var rig = await StartAsync(flyte, "RunLogs:Flyte:CredentialHeaders=authorization");
        await using var silent = await rig.StartHostAsync("RunLogs:Flyte:CredentialHeaders=");
        silent.PooledPorts.Add(flyte.Url.Port);
        using var sdk = FlyteProgram.StartSdk(rig.Host.HttpAddress, "run");
        Assert.Equal(("OK", ""), await sdk.ReadToEndAsync());
        var with = flyte.Credentials.ToList();
        using var another = FlyteProgram.StartSdk(silent.HttpAddress, "run");
        Assert.Equal(("OK", ""), await another.ReadToEndAsync());

        Assert.Equal(["one\n"], sdk.Lines);
        Assert.All(with, credentials => Assert.Equal("Bearer token", credentials));
        Assert.NotEmpty(with);
        Assert.Equal([""], flyte.Credentials.Skip(with.Count));
        Assert.DoesNotContain("Bearer", rig.Host.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Credentials_that_Flyte_refuses_are_no_reason_to_log_in_again()
    {
        await using var flyte = await OnePodRunService.StartAsync(Pod);
        flyte.Instead = async http =>
        {
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
            http.Response.ContentType = "application/json";
            await http.Response.WriteAsync("""{"code":"unauthenticated","message":"unauthorized"}""");
        };
        await using var rig = await StartAsync(flyte, "RunLogs:Flyte:CredentialHeaders=authorization");
        using var sdk = FlyteProgram.StartSdk(rig.Host.HttpAddress, "run");

        Assert.Equal(("PermissionDenied", "Flyte refused to tell where the action ran (GetActionDetails): it does not accept the credentials of this call"), await sdk.ReadToEndAsync());
        Assert.Empty(sdk.All("login").Concat(sdk.All("retry")).Concat(sdk.All("tryAgain")));
        Assert.Single(flyte.Credentials);
    }

    [Fact]
    public async Task A_Flyte_that_does_not_answer_is_given_up_in_time_and_asked_again_as_often_as_the_SDK_does()
    {
        await using var flyte = await OnePodRunService.StartAsync(Pod);
        flyte.Instead = http => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, http.RequestAborted);
        await using var rig = await StartAsync(flyte, "RunLogs:Flyte:Timeout=00:00:00.5");
        rig.Host.ExpectedErrors.AddRange(["RunLogs.Host.Contexts.FlyteCalls", "HealthChecks"]); // a probe may be as late
        using var sdk = FlyteProgram.StartSdk(rig.Host.HttpAddress, "run");

        Assert.Equal(
            ("Unavailable", "Flyte's RunService cannot be asked where the action ran (GetActionDetails): it does not answer within 0.5 s (RunLogs:Flyte:Timeout). Try again."), await sdk.ReadToEndAsync());
        Assert.Equal(["Unavailable", "Unavailable", "Unavailable"], sdk.All("retry"));
        Assert.Empty(sdk.All("login"));
    }

    private static async Task<Rig> StartAsync(OnePodRunService flyte, string setting)
    {
        var rig = await Rig.StartAsync("RunLogs:Contexts:Store=FlyteRunService", $"RunLogs:Flyte:Endpoint={flyte.Url.AbsoluteUri.TrimEnd('/')}", setting);
        rig.Host.PooledPorts.Add(flyte.Url.Port);
        var pod = rig.Api.AddPod("flyte", Pod);
        pod.Container("main").Append("one");
        pod.Container("main").Terminate();
        return rig;
    }
}
