using RunLogs.Host.Settings;

namespace RunLogs.Host.Tests.Contexts;

[Collection(nameof(PostgresCollection))]
public sealed class PostgresRecordedFactsTests(PostgresFixture postgres) : RecordedFactsContractTests
{
    private string? _database;

    private protected override async Task ConfigureAsync(ContextsOptions contexts) =>
        (contexts.Store, contexts.ConnectionString) = (ContextsOptions.Postgres, _database ??= await postgres.CreateDatabaseAsync());
}
