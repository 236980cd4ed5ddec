using Dapper;
using RunLogs.Abstractions;
using RunLogs.Host.Contexts;
using RunLogs.Protos.Flyte.Common;
using RunLogs.Protos.V1;

namespace RunLogs.Host.Tests.Contexts;

public abstract partial class LogContextStoreContractTests
{
    [Fact]
    public async Task A_list_of_an_org_has_the_records_without_one()
    {
        await PutAsync(Some.Record(org: "", run: "any"));
        await PutAsync(Some.Record(org: "other", run: "others"));

        Assert.Equal(["any"], Runs(await ListAsync(org: "acme")));
    }

    [Fact]
    public async Task Pages_give_every_record_once_while_others_are_put_replaced_and_deleted()
    {
        for (var i = 0; i < 25; i++)
        {
            await PutAsync(Some.Record(run: $"run{i}"));
        }

        var seen = new List<string>();
        long? below = long.MaxValue;
        for (var page = 0; below is not null; page++)
        {
            var got = await Host.Store.ListAsync(new LogContextFilter("", "", "", ""), 10, below.Value, CancellationToken.None);
            seen.AddRange(Runs(got));
            below = got.Next;
            await PutAsync(Some.Record(run: $"new{page}"));
            await PutAsync(Some.Record(run: "run3"));
            if (page == 0)
            {
                await DeleteAsync(Some.Action(run: "run15"), 1); // the last of the page before
                await DeleteAsync(Some.Action(run: "run10"), 1);
            }
        }

        Assert.Equal(Enumerable.Range(0, 25).Reverse().Where(i => i != 10).Select(i => $"run{i}"), seen);
    }

    [Theory]
    [InlineData(4, 5, true)]
    [InlineData(5, 5, false)]
    [InlineData(6, 5, false)]
    public async Task Only_a_page_that_leaves_something_out_names_a_next_one(int pageSize, int records, bool next)
    {
        for (var i = 0; i < records; i++)
        {
            await PutAsync(Some.Record(run: $"run{i}"));
        }

        var page = await Host.Store.ListAsync(new LogContextFilter("", "", "", ""), pageSize, long.MaxValue, CancellationToken.None);

        Assert.Equal(Math.Min(pageSize, records), page.Records.Count);
        Assert.Equal(next, page.Next is not null);
    }

    [Fact]
    public async Task Pages_of_large_records_stay_below_what_a_client_takes()
    {
        var label = new string('x', 200 * 1024);
        for (var i = 0; i < 40; i++)
        {
            var record = Some.Record(run: $"run{i}");
            record.Pods[0].Labels["large"] = label;
            await PutAsync(record);
        }

        var seen = new List<string>();
        for (long? below = long.MaxValue; below is not null;)
        {
            var page = await Host.Store.ListAsync(new LogContextFilter("", "", "", ""), 1000, below.Value, CancellationToken.None);
            Assert.InRange(new ListLogContextsResponse { Records = { page.Records } }.CalculateSize(), 1, 4 * 1024 * 1024);
            seen.AddRange(Runs(page));
            below = page.Next;
        }

        Assert.Equal(Enumerable.Range(0, 40).Reverse().Select(i => $"run{i}"), seen);
    }

    [Fact]
    public async Task Fifty_parallel_puts_and_reads_lose_nothing()
    {
        var calls = Enumerable.Range(0, 50).Select(i => Task.Run(async () =>
        {
            await PutAsync(Some.Record(run: $"run{i}"));
            Assert.NotNull(await FindAsync(Some.Action(run: $"run{i}"), 1));
            Assert.NotEmpty((await ListAsync()).Records);
        }));

        await Task.WhenAll(calls).WaitAsync(Limit);

        Assert.Equal(50, Runs(await ListAsync()).Distinct().Count());
    }

    [Fact]
    public async Task Parallel_puts_of_one_attempt_leave_one_of_them_whole()
    {
        var calls = Enumerable.Range(0, 50).Select(i => Task.Run(() =>
        {
            var record = Some.Record();
            record.Cluster = $"cluster{i}";
            record.Pods[0].NodeName = $"cluster{i}";
            return PutAsync(record);
        }));

        await Task.WhenAll(calls).WaitAsync(Limit);

        var only = Assert.Single((await ListAsync()).Records);
        Assert.Equal(only.Cluster, only.Pods[0].NodeName);
    }

    [Fact]
    public async Task TwoHosts_share_one_file()
    {
        await using var second = await StartHostAsync();
        var calls = Enumerable.Range(0, 40).Select(i =>
            Task.Run(() => (i % 2 == 0 ? Host : second).Store.PutAsync(Some.Record(run: $"run{i}"), CancellationToken.None)));

        await Task.WhenAll(calls).WaitAsync(Limit);

        Assert.Equal(40, (await ListAsync()).Records.Count);
    }

    [Fact]
    public async Task Records_outlive_theHost()
    {
        await PutAsync(Some.Record());
        await Host.DisposeAsync();

        Host = await StartHostAsync();

        Assert.Equal(Some.Record(), await FindAsync(Some.Action(), 1));
    }

    [Fact]
    public async Task The_sequence_of_a_deleted_record_is_never_given_again()
    {
        await PutAsync(Some.Record(run: "one"));
        await PutAsync(Some.Record(run: "two"));
        await DeleteAsync(Some.Action(run: "two"), 1);

        await PutAsync(Some.Record(run: "three"));

        await using var beside = await OpenBesideAsync();
        Assert.Equal([1L, 3L], await beside.QueryAsync<long>("SELECT sequence FROM log_contexts ORDER BY sequence"));
    }

    [Fact]
    public async Task A_damaged_record_is_named_and_can_be_put_again()
    {
        await PutAsync(Some.Record());
        await using (var beside = await OpenBesideAsync())
        {
            await beside.ExecuteAsync("UPDATE log_contexts SET record = @damaged", new { damaged = new byte[] { 0x0A, 0xFF } });
        }

        var e = await Assert.ThrowsAsync<ContextException>(() => FindAsync(Some.Action(), 1));
        await PutAsync(Some.Record());

        Assert.Equal(ContextError.Internal, e.Error);
        Assert.Equal("Record 1 of the context database cannot be read: its bytes are no log context. Put it again.", e.Message);
        Assert.Equal(Some.Record(), await FindAsync(Some.Action(), 1));
    }

    [Fact]
    public async Task A_cancelled_call_does_nothing()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Host.Store.PutAsync(Some.Record(), cancelled.Token));

        Assert.Empty((await ListAsync()).Records);
    }
}
