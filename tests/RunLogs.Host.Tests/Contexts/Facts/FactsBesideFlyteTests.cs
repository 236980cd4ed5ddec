using Dapper;
using Npgsql;
using RunLogs.Abstractions;
using RunLogs.Host.Contexts;
using RunLogs.Host.Settings;
using RunLogs.Protos.Flyte.Common;

namespace RunLogs.Host.Tests.Contexts;

/// <summary>What is recorded beside Flyte's contexts, in a database of our own.</summary>
[Collection(nameof(PostgresCollection))]
public sealed class FactsBesideFlyteTests(PostgresFixture postgres) : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_facts_of_a_pod_of_Flyte_are_kept_in_our_own_database_and_found_after_an_abort(bool ownPostgres)
    {
        var flyte = await postgres.CreateDatabaseAsync();
        var own = ownPostgres ? await postgres.CreateDatabaseAsync() : "";
        var tables = new FlyteTables(flyte);
        await tables.CreateAsync();
        await tables.AddAsync(ActionPhase.Running, 20, FlyteTables.Context("run1-a0-0", "main"));
        await using var host = await ContextsHost.StartAsync(
            _directory.Path, options => options.Contexts = new ContextsOptions { Store = ContextsOptions.FlyteDatabase, ConnectionString = flyte, OwnConnectionString = own });
        await host.RunAsync();
        var live = await FindAsync(host);

        using (var batch = new LogBatch { Instance = new ContainerInstance { ContainerId = "abc" }, Facts = new ContainerFacts { PodUid = "uid-1", Node = "node-1" } })
        {
            host.Get<FactsRecorder>().Record(ContainerRecord.Of(live, batch)!);
        }

        await host.Logs.WaitForAsync("FactsRecorded", "main");
        await tables.AddAsync(ActionPhase.Aborted, 50);
        var later = await FindAsync(host);

        Assert.Equal((null, "uid-1", "node-1", "abc"), (live.PodUid, later.PodUid, later.Node, later.ContainerId));
        Assert.Equal(!ownPostgres, File.Exists(Path.Combine(_directory.Path, "runlogs.db")));
        await using var beside = new NpgsqlConnection(flyte + ";Pooling=false");
        Assert.Equal(["action_events"], await beside.QueryAsync<string>("SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'"));
    }

    [Fact]
    public async Task Without_our_own_database_a_live_pod_is_found_all_the_same()
    {
        var flyte = await postgres.CreateDatabaseAsync();
        var tables = new FlyteTables(flyte);
        await tables.CreateAsync();
        await tables.AddAsync(ActionPhase.Running, 20, FlyteTables.Context("run1-a0-0", "main"));
        await using var host = await ContextsHost.StartAsync(
            _directory.Path, options => options.Contexts = new ContextsOptions { Store = ContextsOptions.FlyteDatabase, ConnectionString = flyte });
        await host.Get<IContextDatabase>().WriteAsync((connection, transaction) => connection.ExecuteAsync("DROP TABLE container_facts", transaction: transaction), CancellationToken.None);

        Assert.Equal("run1-a0-0", (await FindAsync(host)).Pod);
        Assert.Contains("FactsNotRead Warning Archives are asked for shop/development/run1/a0 attempt 1 without", host.Logs.Text, StringComparison.Ordinal);
    }

    private static async Task<TailRequest> FindAsync(ContextsHost host) =>
        (await host.Get<AttemptContexts>().FindAsync(Some.Action(), 1, ContainerSelection.Primary, FollowMode.Auto, TestContext.Current.CancellationToken)).Logs[0];
}
