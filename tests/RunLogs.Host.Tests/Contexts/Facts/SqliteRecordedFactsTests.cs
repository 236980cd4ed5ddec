using RunLogs.Host.Settings;

namespace RunLogs.Host.Tests.Contexts;

public sealed class SqliteRecordedFactsTests : RecordedFactsContractTests
{
    private protected override Task ConfigureAsync(ContextsOptions contexts) => Task.CompletedTask;
}
