using Google.Protobuf.WellKnownTypes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using RunLogs.Abstractions;
using RunLogs.Host.Contexts;
using RunLogs.Host.Settings;
using RunLogs.Protos.Flyte.Common;
using RunLogs.Protos.Flyte.Core;
using RunLogs.Protos.Flyte.Workflow;

namespace RunLogs.Host.Tests.Contexts;

public sealed class FlyteRunServiceTests : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private FakeRunService _flyte = null!;
    private ContextsHost _host = null!;

    public async ValueTask InitializeAsync()
    {
        _flyte = await FakeRunService.StartAsync();
        _host = await StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _flyte.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task An_attempt_is_found_in_the_details_of_its_action()
    {
        _flyte.Details = request => request.ActionId.Run.Name == "run1"
            ? Details(Attempt(1, ActionPhase.Failed, FlyteTables.Context("run1-a0-0", "main"), ended: 90), Attempt(2, ActionPhase.Running, FlyteTables.Context("run1-a0-1", "main")))
            : NotFound;

        var (first, latest) = (await FindAsync(1), await FindAsync(0));

        Assert.Equal(("east", "run1-a0-0", "main"), (first.Cluster, first.Pod, first.Container));
        Assert.Equal((At(20), At(90)), (first.ContainerStart, first.EndedAt));
        Assert.Equal(("run1-a0-1", 2u, null), (latest.Pod, latest.Attempt!.Attempt, latest.EndedAt));
        Assert.Equal("no event found for action acme/shop/development/run1/a0 attempt 3", (await FailAsync(ContextError.NotFound, 3)).Message);
        Assert.Equal("no event found for action acme/shop/development/run2/a0 attempt 1", (await FailAsync(ContextError.NotFound, run: "run2")).Message);
        Assert.All(_flyte.Calls, call => Assert.Equal("GetActionDetails", call.Method));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Where_the_details_say_nothing_the_log_context_is_asked_for(bool hasDetails)
    {
        _flyte.Details = _ => hasDetails ? Details(Attempt(1, ActionPhase.Running, null, logsAvailable: true)) : null;
        _flyte.Context = request => request.Attempt == 1
            ? new GetActionLogContextResponse { LogContext = FlyteTables.Context("run1-a0-0", "main"), Cluster = "west" }
            : NotFound;

        var log = await FindAsync(1);

        Assert.Equal((hasDetails ? "east" : "west", "run1-a0-0"), (log.Cluster, log.Pod));
        await FailAsync(ContextError.NotFound, 2);
    }

    [Fact]
    public async Task A_follow_waits_for_the_pod()
    {
        var asked = 0;
        _flyte.Details = _ => Details(++asked < 3 ? Attempt(1, ActionPhase.Queued, null) : Attempt(1, ActionPhase.Running, FlyteTables.Context("run1-a0-0", "main")));

        Assert.Equal("run1-a0-0", (await FindAsync(1)).Pod);
        Assert.Equal(3, asked);
    }

    [Fact]
    public async Task Credentials_are_sent_on_only_where_that_is_set()
    {
        _flyte.Details = _ => Details(Attempt(1, ActionPhase.Running, FlyteTables.Context("run1-a0-0", "main")));
        var caller = new DefaultHttpContext();
        caller.Request.Headers.Authorization = "Bearer hunter2";
        caller.Request.Headers["flyte-authorization"] = "Bearer hunter3";
        _host.Get<IHttpContextAccessor>().HttpContext = caller;
        await FindAsync(1);
        await using var forwarding = await StartAsync(options => options.Flyte.CredentialHeaders = "flyte-authorization, cookie");
        forwarding.Get<IHttpContextAccessor>().HttpContext = caller;

        await FindAsync(1, forwarding);

        var (without, with) = (_flyte.Calls.First().Headers, _flyte.Calls.Last().Headers);
        Assert.False(without.ContainsKey("authorization") || without.ContainsKey("flyte-authorization"));
        Assert.Equal((false, "Bearer hunter3", false), (with.ContainsKey("authorization"), with["flyte-authorization"], with.ContainsKey("cookie")));
    }

    [Theory]
    [InlineData(401, """{"code":"unauthenticated","message":"unauthorized: hunter2"}""", ContextError.PermissionDenied, "Flyte refused to tell where the action ran (GetActionDetails): it wants credentials, and RunLogs:Flyte:CredentialHeaders sends none on")]
    [InlineData(403, "no JSON hunter2", ContextError.PermissionDenied, "Flyte refused to tell where the action ran (GetActionDetails): it wants credentials, and RunLogs:Flyte:CredentialHeaders sends none on")]
    [InlineData(500, """{"code":"internal","message":"hunter2"}""", ContextError.Unavailable, "Flyte's RunService cannot be asked where the action ran (GetActionDetails): it answered internal. Try again.")]
    [InlineData(502, "<html>hunter2", ContextError.Unavailable, "Flyte's RunService cannot be asked where the action ran (GetActionDetails): it answered 502. Try again.")]
    [InlineData(200, "<html>hunter2", ContextError.Unavailable, "Flyte's RunService cannot be asked where the action ran (GetActionDetails): it answered 200. Try again.")]
    public async Task A_refusal_becomes_a_sentence_of_our_own(int status, string body, object error, string message)
    {
        _flyte.Details = _ => (status, body);

        var e = await FailAsync((ContextError)error);

        Assert.Equal(message, e.Message);
        Assert.DoesNotContain("hunter2", _host.Logs.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_does_not_come_is_given_up_after_the_timeout()
    {
        await using var hasty = await StartAsync(options => options.Flyte.Timeout = TimeSpan.FromMilliseconds(300));
        _flyte.Details = _ => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, TestContext.Current.CancellationToken);

        var e = await Assert.ThrowsAsync<ContextException>(() => FindAsync(1, hasty));

        Assert.Equal(
            (ContextError.Unavailable, "Flyte's RunService cannot be asked where the action ran (GetActionDetails): it does not answer within 0.3 s (RunLogs:Flyte:Timeout). Try again."), (e.Error, e.Message));
    }

    [Fact]
    public async Task Readiness_follows_the_service()
    {
        _flyte.Details = _ => NotFound;
        var ready = await CheckAsync();
        _flyte.Details = _ => (503, """{"code":"unavailable"}""");

        Assert.Equal((HealthStatus.Healthy, HealthStatus.Unhealthy), (ready, await CheckAsync()));
    }

    [Fact]
    public async Task Without_an_endpoint_the_host_does_not_start()
    {
        await using var host = ContextsHost.On(_directory.Path, options => options.Contexts.Store = ContextsOptions.FlyteRunService);

        var e = Assert.Throws<OptionsValidationException>(() => host.Get<IOptions<RunLogsOptions>>().Value);

        Assert.Equal("RunLogs:Flyte:Endpoint is empty: contexts of the store FlyteRunService are asked for there. Set it to Flyte's address, such as http://flyte-manager:8090.", e.Message);
    }

    private static object NotFound => (404, """{"code":"not_found","message":"no such action"}""");

    private static GetActionDetailsResponse Details(params ActionAttempt[] attempts) => new() { Details = new ActionDetails { Attempts = { attempts } } };

    private static ActionAttempt Attempt(uint number, ActionPhase phase, LogContext? context, int? ended = null, bool logsAvailable = false) => new()
    {
        Attempt = number,
        Phase = phase,
        Cluster = "east",
        LogContext = context,
        LogsAvailable = logsAvailable,
        StartTime = FlyteTables.Start.AddSeconds(20).ToTimestamp(),
        EndTime = ended is { } seconds ? FlyteTables.Start.AddSeconds(seconds).ToTimestamp() : null,
    };

    private static LogTimestamp At(int seconds) => LogTimestamp.From(FlyteTables.Start.AddSeconds(seconds));

    private async Task<HealthStatus> CheckAsync() => (await _host.Get<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken)).Entries["contexts"].Status;

    private async Task<ContextException> FailAsync(ContextError error, uint attempt = 1, string run = "run1")
    {
        var e = await Assert.ThrowsAsync<ContextException>(() => FindAsync(attempt, run: run));
        Assert.Equal(error, e.Error);
        return e;
    }

    private async Task<TailRequest> FindAsync(uint attempt, ContextsHost? host = null, string run = "run1") => (await (host ?? _host).Get<AttemptContexts>()
        .FindAsync(Some.Action(run: run), attempt, ContainerSelection.Primary, FollowMode.Auto, TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(60))).Logs[0];

    private Task<ContextsHost> StartAsync(Action<RunLogsOptions>? configure = null) => ContextsHost.StartAsync(
        _directory.Path,
        options =>
        {
            (options.Contexts.Store, options.Flyte.Endpoint) = (ContextsOptions.FlyteRunService, _flyte.Url);
            configure?.Invoke(options);
        });
}
