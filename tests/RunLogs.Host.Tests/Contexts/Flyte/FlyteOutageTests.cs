using Microsoft.Extensions.Options;
using RunLogs.Abstractions;
using RunLogs.Host.Contexts;
using RunLogs.Host.Settings;
using RunLogs.Protos.Flyte.Common;
using RunLogs.Testing.Postgres;

namespace RunLogs.Host.Tests.Contexts;

/// <summary>Flyte's database goes away and comes back.</summary>
public sealed class FlyteOutageTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_restart_is_survived_by_calls_by_those_who_wait_and_by_the_notifications()
    {
        PostgresServer.Require();
        await using var server = await PostgresServer.StartAsync();
        var tables = new FlyteTables(server.ConnectionString());
        await tables.CreateAsync();
        await tables.AddAsync(ActionPhase.Running, 20, FlyteTables.Context("run1-a0-0", "main"));
        await tables.AddAsync(ActionPhase.Queued, 0, run: "run2");
        await using var host = On(server.ConnectionString());
        await host.MigrateAsync();
        await host.RunAsync();
        await host.Logs.WaitForAsync("FlyteHeard");
        Assert.Equal("run1-a0-0", (await FindAsync(host, "run1")).Pod);
        var waiting = FindAsync(host, "run2");
        await host.Logs.WaitForAsync("PodAwaited");

        await server.KillAsync();
        await host.Logs.WaitForAsync("FlyteNotHeard");
        var e = await Assert.ThrowsAsync<ContextException>(() => FindAsync(host, "run1"));
        await server.RunAsync();

        Assert.Equal("run1-a0-0", (await FindAsync(host, "run1")).Pod);
        await tables.AddAsync(ActionPhase.Running, 30, FlyteTables.Context("run2-a0-0", "main"), run: "run2");
        Assert.Equal("run2-a0-0", (await waiting.WaitAsync(Limit, TestContext.Current.CancellationToken)).Pod);
        Assert.Equal((ContextError.Unavailable, "The context database postgres cannot be read: Connection refused. Try again."), (e.Error, e.Message));
        Assert.DoesNotContain("hunter", host.Logs.Text + e, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "", "RunLogs:Contexts:ConnectionString names no server")]
    [InlineData("Host=db;hunter2", "", "RunLogs:Contexts:ConnectionString is not a connection string of PostgreSQL")]
    [InlineData("Host=db;Database=d", "Password=hunter2", "RunLogs:Contexts:OwnConnectionString names no server")]
    public async Task Settings_that_cannot_work_are_refused_and_not_repeated(string connectionString, string own, string fault)
    {
        await using var host = On(connectionString, own);

        var e = Assert.Throws<OptionsValidationException>(() => host.Get<IOptions<RunLogsOptions>>().Value);

        Assert.StartsWith(fault, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter", e.ToString(), StringComparison.Ordinal);
    }

    private static async Task<TailRequest> FindAsync(ContextsHost host, string run) =>
        (await host.Get<AttemptContexts>().FindAsync(Some.Action(run: run), 1, ContainerSelection.Primary, FollowMode.Auto, TestContext.Current.CancellationToken)).Logs[0];

    private ContextsHost On(string connectionString, string own = "") => ContextsHost.On(
        _directory.Path, options => options.Contexts = new ContextsOptions { Store = ContextsOptions.FlyteDatabase, ConnectionString = connectionString, OwnConnectionString = own });
}
