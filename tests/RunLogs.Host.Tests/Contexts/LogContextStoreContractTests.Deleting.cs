using RunLogs.Host.Contexts;

namespace RunLogs.Host.Tests.Contexts;

public abstract partial class LogContextStoreContractTests
{
    [Fact]
    public async Task A_deleted_record_is_gone_and_its_neighbours_are_not()
    {
        await PutAsync(Some.Record(attempt: 1));
        await PutAsync(Some.Record(attempt: 2));

        await DeleteAsync(Some.Action(), 1);

        Assert.Null(await FindAsync(Some.Action(), 1));
        Assert.NotNull(await FindAsync(Some.Action(), 2));
    }

    [Fact]
    public async Task Deleting_what_is_not_there_is_not_found()
    {
        var e = await Assert.ThrowsAsync<ContextException>(() => DeleteAsync(Some.Action(), 7));

        Assert.Equal(ContextError.NotFound, e.Error);
        Assert.Equal("no log context found for action acme/shop/development/run1/a0 attempt 7", e.Message);
    }

    [Fact]
    public async Task A_delete_with_an_org_spares_the_other_orgs()
    {
        await PutAsync(Some.Record(org: "acme"));
        await PutAsync(Some.Record(org: ""));
        await PutAsync(Some.Record(org: "other"));

        await DeleteAsync(Some.Action(org: "acme"), 1);

        Assert.Equal(["other", ""], (await ListAsync()).Records.Select(record => record.ActionId.Run.Org));
    }

    [Theory]
    [InlineData("acme", "")]
    [InlineData("", "acme")]
    [InlineData("", "")]
    public async Task A_delete_takes_the_only_record_that_matches(string recorded, string asked)
    {
        await PutAsync(Some.Record(org: recorded));

        await DeleteAsync(Some.Action(org: asked), 1);

        Assert.Empty((await ListAsync()).Records);
    }

    [Fact]
    public async Task A_delete_with_an_empty_org_names_the_orgs_it_cannot_choose_from()
    {
        await PutAsync(Some.Record(org: "beta"));
        await PutAsync(Some.Record(org: "acme"));

        var e = await Assert.ThrowsAsync<ContextException>(() => DeleteAsync(Some.Action(org: ""), 1));

        Assert.Equal(ContextError.FailedPrecondition, e.Error);
        Assert.Equal("action shop/development/run1/a0 attempt 1 has log contexts of 2 orgs: \"acme\", \"beta\". Name the org of the one to delete.", e.Message);
        Assert.Equal(2, (await ListAsync()).Records.Count);
    }
}
