using System.Data.Common;
using Microsoft.Data.Sqlite;
using RunLogs.Host.Contexts;

namespace RunLogs.Host.Tests.Contexts;

public sealed class SqliteLogContextStoreTests : LogContextStoreContractTests
{
    private readonly TemporaryDirectory _directory = new();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _directory.Dispose();
    }

    private protected override string MissingTablePattern => "^The context database runlogs.db cannot be (read|written): SQLite Error 1: 'no such table: log_contexts'\\.$";

    private protected override Task<ContextsHost> StartHostAsync() => ContextsHost.StartAsync(_directory.Path);

    private protected override async Task<DbConnection> OpenBesideAsync()
    {
        var connection = new SqliteConnection($"Data Source={_directory.Path}/runlogs.db;Pooling=False");
        await connection.OpenAsync();
        return connection;
    }

    [Fact]
    public async Task A_zero_character_is_a_value_like_any_other()
    {
        var record = Some.Record(run: "a\0b");
        await PutAsync(record);

        Assert.Equal(record, await FindAsync(record.ActionId, 1));
        Assert.Null(await FindAsync(Some.Action(run: "a"), 1));
    }

    [Fact]
    public async Task A_write_that_others_block_is_unavailable_and_reads_go_on()
    {
        Host.Dispose();
        Host = await ContextsHost.StartAsync(_directory.Path, options => options.Contexts.ConnectionString = $"Data Source={_directory.Path}/runlogs.db;Default Timeout=1");
        await PutAsync(Some.Record());
        await using var beside = await OpenBesideAsync();
        await using var writeLock = await beside.BeginTransactionAsync(TestContext.Current.CancellationToken);

        var e = await Assert.ThrowsAsync<ContextException>(() => PutAsync(Some.Record(run: "run2"))).WaitAsync(Limit);

        Assert.Equal(ContextError.Unavailable, e.Error);
        Assert.Equal("The context database runlogs.db cannot be written: SQLite Error 5: 'database is locked'.", e.Message);
        Assert.NotNull(await FindAsync(Some.Action(), 1));
    }

    [Fact]
    public async Task Calls_that_wait_for_a_writer_end_when_cancelled()
    {
        var entered = new TaskCompletionSource();
        var gate = new TaskCompletionSource();
        using var cancelling = new CancellationTokenSource();
        var writer = Host.Get<IContextDatabase>().WriteAsync(
            async (_, _) =>
            {
                entered.SetResult();
                await gate.Task;
                return 0;
            },
            CancellationToken.None);
        await entered.Task.WaitAsync(Limit);

        var waiting = Host.Store.PutAsync(Some.Record(), cancelling.Token);
        await cancelling.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(Limit));
        gate.SetResult();
        await writer.WaitAsync(Limit);
        await PutAsync(Some.Record());
        Assert.Single((await ListAsync()).Records);
    }
}
