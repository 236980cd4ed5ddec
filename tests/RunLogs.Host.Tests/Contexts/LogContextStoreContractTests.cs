using System.Data.Common;
using Dapper;
using RunLogs.Abstractions;
using RunLogs.Host.Contexts;
using RunLogs.Protos.Flyte.Common;
using RunLogs.Protos.V1;

namespace RunLogs.Host.Tests.Contexts;

/// <summary>What every store of contexts does, whatever database is behind it.</summary>
public abstract partial class LogContextStoreContractTests : IAsyncLifetime
{
    private protected static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private protected ContextsHost Host { get; set; } = null!;

    public virtual async ValueTask InitializeAsync() => Host = await StartHostAsync();

    public virtual async ValueTask DisposeAsync()
    {
        if (Host is not null)
        {
            await Host.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>One more host on the same database.</summary>
    private protected abstract Task<ContextsHost> StartHostAsync();

    /// <summary>A connection beside the host's own.</summary>
    private protected abstract Task<DbConnection> OpenBesideAsync();

    /// <summary>What is said, in all, of a database whose table is not there.</summary>
    private protected abstract string MissingTablePattern { get; }

    [Fact]
    public async Task A_record_is_found_as_it_was_put()
    {
        await PutAsync(Some.Record());

        var found = await FindAsync(Some.Action(), 1);

        Assert.Equal(Some.Record(), found);
    }

    [Fact]
    public async Task A_second_put_replaces_the_first_one_whole()
    {
        var shorter = Some.Record();
        shorter.Pods.Clear();
        shorter.Cluster = "west";
        await PutAsync(Some.Record());

        await PutAsync(shorter);

        Assert.Equal(shorter, await FindAsync(Some.Action(), 1));
        Assert.Equal([shorter], (await ListAsync()).Records);
    }

    [Fact]
    public async Task An_attempt_that_was_never_put_is_not_found()
    {
        await PutAsync(Some.Record());

        Assert.Null(await FindAsync(Some.Action(), 2));
        Assert.Null(await FindAsync(Some.Action(action: "a1"), 1));
        Assert.Null(await FindAsync(Some.Action(run: "run2"), 1));
        Assert.Null(await FindAsync(Some.Action(org: "other"), 1));
    }

    [Fact]
    public async Task Keys_are_case_sensitive()
    {
        await PutAsync(Some.Record(run: "Run1"));

        Assert.Null(await FindAsync(Some.Action(run: "run1"), 1));
        Assert.Null(await FindAsync(Some.Action(org: "ACME", run: "Run1"), 1));
        Assert.NotNull(await FindAsync(Some.Action(run: "Run1"), 1));
    }

    [Fact]
    public async Task Attempt_zero_is_the_latest_whatever_the_order_of_puts()
    {
        await PutAsync(Some.Record(attempt: 10));
        await PutAsync(Some.Record(attempt: 9));

        var latest = await FindAsync(Some.Action(), 0);

        Assert.Equal(10u, latest?.Attempt);
    }

    [Fact]
    public async Task The_largest_attempt_number_is_kept()
    {
        await PutAsync(Some.Record(attempt: uint.MaxValue));

        Assert.Equal(uint.MaxValue, (await FindAsync(Some.Action(), uint.MaxValue))?.Attempt);
        Assert.Equal(uint.MaxValue, (await FindAsync(Some.Action(), 0))?.Attempt);
    }

    [Fact]
    public async Task An_empty_org_in_the_request_matches_any_org()
    {
        await PutAsync(Some.Record(org: "acme"));

        Assert.Equal("acme", (await FindAsync(Some.Action(org: ""), 1))?.ActionId.Run.Org);
    }

    [Fact]
    public async Task An_empty_org_in_the_record_matches_any_org()
    {
        await PutAsync(Some.Record(org: ""));

        Assert.Equal("", (await FindAsync(Some.Action(org: "acme"), 1))?.ActionId.Run.Org);
    }

    [Theory]
    [InlineData("acme", "acme")]
    [InlineData("", "")]
    [InlineData("third", "")]
    public async Task The_very_org_is_found_before_a_matching_one_that_is_newer(string asked, string found)
    {
        await PutAsync(Some.Record(org: "acme"));
        await PutAsync(Some.Record(org: ""));
        await PutAsync(Some.Record(org: "other"));

        Assert.Equal(found, (await FindAsync(Some.Action(org: asked), 1))?.ActionId.Run.Org);
    }

    [Fact]
    public async Task Of_several_orgs_an_empty_one_finds_the_one_created_last_even_after_another_was_replaced()
    {
        await PutAsync(Some.Record(org: "zeta"));
        await PutAsync(Some.Record(org: "acme"));
        await PutAsync(Some.Record(org: "zeta"));

        Assert.Equal("acme", (await FindAsync(Some.Action(org: ""), 1))?.ActionId.Run.Org);
    }

    [Fact]
    public async Task The_latest_attempt_counts_before_the_org()
    {
        await PutAsync(Some.Record(org: "acme", attempt: 1));
        await PutAsync(Some.Record(org: "", attempt: 2));

        Assert.Equal(2u, (await FindAsync(Some.Action(org: "acme"), 0))?.Attempt);
    }

    [Theory]
    [InlineData("'; DROP TABLE log_contexts; --")]
    [InlineData("\" OR \"\"=\"")]
    [InlineData("%_*?[a-z]")]
    [InlineData("🚀日本語é")]
    [InlineData("a\u0001b\r\n\u001b[31m")]
    public async Task The_store_takes_any_text_as_a_value_and_nothing_else(string hostile)
    {
        var record = Some.Record(org: hostile, run: hostile, action: hostile);
        await PutAsync(Some.Record());
        await PutAsync(record);

        Assert.Equal(record, await FindAsync(record.ActionId, 1));
        Assert.Equal([record], (await ListAsync(run: hostile)).Records);

        await DeleteAsync(record.ActionId, 1);

        Assert.Equal([Some.Record()], (await ListAsync()).Records);
    }

    [Fact]
    public async Task A_lookup_by_a_megabyte_finds_nothing()
    {
        await PutAsync(Some.Record());

        Assert.Null(await FindAsync(Some.Action(run: new string('x', 1 << 20)), 1));
    }

    [Fact]
    public async Task A_list_is_newest_first_and_a_replaced_record_keeps_its_place()
    {
        await PutAsync(Some.Record(run: "one"));
        await PutAsync(Some.Record(run: "two"));
        await PutAsync(Some.Record(run: "three"));
        await PutAsync(Some.Record(run: "one"));

        Assert.Equal(["three", "two", "one"], Runs(await ListAsync()));
    }

    [Fact]
    public async Task Each_filter_leaves_out_what_does_not_match()
    {
        var other = Some.Record(org: "other", run: "run2");
        other.ActionId.Run.Project = "bank";
        other.ActionId.Run.Domain = "production";
        await PutAsync(Some.Record());
        await PutAsync(other);

        Assert.Equal([Some.Record()], (await ListAsync(org: "acme")).Records);
        Assert.Equal([Some.Record()], (await ListAsync(project: "shop")).Records);
        Assert.Equal([Some.Record()], (await ListAsync(domain: "development")).Records);
        Assert.Equal([Some.Record()], (await ListAsync(run: "run1")).Records);
        Assert.Equal([other], (await ListAsync("other", "bank", "production", "run2")).Records);
        Assert.Empty((await ListAsync(org: "acme", project: "bank")).Records);
        Assert.Equal(2, (await ListAsync()).Records.Count);
    }

    [Fact]
    public async Task Three_hundred_records_put_at_once_are_all_kept()
    {
        await Task.WhenAll(Enumerable.Range(0, 300).Select(i => Task.Run(() => PutAsync(Some.Record(run: $"run{i}"))))).WaitAsync(Limit);

        Assert.Equal(300, (await ListAsync()).Records.Count);
    }

    [Fact]
    public async Task A_database_without_its_table_is_unavailable_with_a_sentence()
    {
        await using (var beside = await OpenBesideAsync())
        {
            await beside.ExecuteAsync("DROP TABLE log_contexts");
        }

        foreach (var call in new Func<Task>[] { () => FindAsync(Some.Action(), 1), () => ListAsync(), () => PutAsync(Some.Record()), () => DeleteAsync(Some.Action(), 1) })
        {
            var e = await Assert.ThrowsAsync<ContextException>(call);

            Assert.Equal(ContextError.Unavailable, e.Error);
            Assert.Matches(MissingTablePattern, e.Message);
        }
    }

    private protected static IEnumerable<string> Runs(LogContextPage page) => page.Records.Select(record => record.ActionId.Run.Name);

    private protected Task PutAsync(LogContextRecord record) => Host.Store.PutAsync(record, CancellationToken.None);

    private protected Task<LogContextRecord?> FindAsync(ActionIdentifier action, uint attempt) => Host.Store.FindAsync(action.ToAttempt(attempt), CancellationToken.None);

    private protected Task DeleteAsync(ActionIdentifier action, uint attempt) => Host.Store.DeleteAsync(action.ToAttempt(attempt), CancellationToken.None);

    private protected Task<LogContextPage> ListAsync(string org = "", string project = "", string domain = "", string run = "") =>
        Host.Store.ListAsync(new LogContextFilter(org, project, domain, run), 1000, long.MaxValue, CancellationToken.None);
}
