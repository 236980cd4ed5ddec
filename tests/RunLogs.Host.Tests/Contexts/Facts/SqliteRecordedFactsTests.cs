using Dapper;
using RunLogs.Host.Settings;

namespace RunLogs.Host.Tests.Contexts;

public sealed class SqliteRecordedFactsTests : RecordedFactsContractTests
{
    private protected override Task ConfigureAsync(ContextsOptions contexts) => Task.CompletedTask;

    [Fact]
    public async Task A_removal_that_fails_is_told_of_and_keeps_nothing_from_being_recorded()
    {
        await using (var beside = Host.OpenBeside())
        {
            await beside.ExecuteAsync("""
                INSERT INTO container_facts VALUES ('p', 'd', 'r', 'a0', 1, 'c', 'n', 'pod', 'main', x'', 1);
                CREATE TRIGGER kept BEFORE DELETE ON container_facts BEGIN SELECT RAISE(ABORT, 'none may go'); END
                """);
        }

        await FlushAsync();
        await Host.Logs.WaitForAsync("FactsNotPruned", "none may go");
        await FlushAsync();
    }
}
