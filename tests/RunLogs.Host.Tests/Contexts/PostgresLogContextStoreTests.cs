using System.Data.Common;
using Dapper;
using Npgsql;
using RunLogs.Host.Contexts;
using RunLogs.Host.Settings;
using RunLogs.Testing.Postgres;

namespace RunLogs.Host.Tests.Contexts;

[Collection(nameof(PostgresCollection))]
public sealed class PostgresLogContextStoreTests(PostgresFixture postgres) : LogContextStoreContractTests
{
    private readonly TemporaryDirectory _directory = new();
    private string _database = "";

    public override async ValueTask InitializeAsync()
    {
        _database = await postgres.CreateDatabaseAsync();
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _directory.Dispose();
    }

    private protected override string MissingTablePattern =>
        "^The context database test[0-9]+ cannot be (read|written): relation \"log_contexts\" does not exist. Check the database and the schema that RunLogs:Contexts:ConnectionString names.$";

    private protected override Task<ContextsHost> StartHostAsync() =>
        ContextsHost.StartAsync(_directory.Path, options => options.Contexts = new ContextsOptions { Store = ContextsOptions.Postgres, ConnectionString = _database });

    private protected override async Task<DbConnection> OpenBesideAsync()
    {
        var connection = new NpgsqlConnection(_database + ";Pooling=false");
        await connection.OpenAsync();
        return connection;
    }

    [Fact]
    public async Task Many_replicas_start_on_an_empty_database_at_once()
    {
        await using (var beside = await OpenBesideAsync())
        {
            await beside.ExecuteAsync("DROP TABLE log_contexts, container_facts, runlogs_schema_versions");
        }

        var replicas = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(StartHostAsync))).WaitAsync(Limit);

        await Task.WhenAll(replicas.Select((replica, i) => replica.Store.PutAsync(Some.Record(run: $"run{i}"), CancellationToken.None))).WaitAsync(Limit);
        Assert.Equal(6, (await ListAsync()).Records.Count);
        Assert.Single(replicas, replica => replica.Logs.Text.Contains("ContextDatabaseMigrated", StringComparison.Ordinal));
        await Task.WhenAll(replicas.Select(replica => replica.DisposeAsync().AsTask()));
    }

    [Fact]
    public async Task A_role_that_may_not_create_tables_stops_the_start_with_a_sentence()
    {
        await using (var beside = await OpenBesideAsync())
        {
            await beside.ExecuteAsync($"DROP TABLE log_contexts, container_facts, runlogs_schema_versions; CREATE ROLE weak{beside.Database} LOGIN PASSWORD '{PostgresServer.Password}'");
        }

        var weak = new NpgsqlConnectionStringBuilder(_database);
        weak.Username = $"weak{weak.Database}";
        await using var host = ContextsHost.On(_directory.Path, options => options.Contexts = new ContextsOptions { Store = ContextsOptions.Postgres, ConnectionString = weak.ConnectionString });

        var e = await Assert.ThrowsAsync<ContextException>(host.MigrateAsync);

        Assert.Equal(
            $"The context database {weak.Database} cannot be written: permission denied for schema public. Grant it to the role that RunLogs:Contexts:ConnectionString names. "
            + "Its schema could not be brought to this version; it comes from RunLogs:Contexts:ConnectionString.", e.Message);
    }

    [Fact]
    public async Task A_replica_that_deletes_second_is_told_that_there_is_nothing()
    {
        await using var second = await StartHostAsync();
        await PutAsync(Some.Record());

        var deletions = new[] { Host, second }.Select(host => Record.ExceptionAsync(() => host.Store.DeleteAsync(Some.Action().ToAttempt(1), CancellationToken.None)).AsTask());
        var outcomes = await Task.WhenAll(deletions).WaitAsync(Limit);

        Assert.Equal(ContextError.NotFound, Assert.IsType<ContextException>(Assert.Single(outcomes, outcome => outcome is not null)).Error);
    }
}
