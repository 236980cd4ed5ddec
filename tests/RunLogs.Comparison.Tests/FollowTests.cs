using RunLogs.Comparison.Clients;
using RunLogs.Comparison.Rig;

namespace RunLogs.Comparison.Tests;

public class FollowTests
{
    [Theory]
    [InlineData("0 1 .", "2 1 .")]
    [InlineData("0 1 .", "0 1 .")]
    [InlineData("1 1 .")]
    public void A_line_that_is_lost_or_repeated_is_noticed(params string[] lines)
    {
        var follow = new Follow("ticks-0", new Delays());

        Assert.Throws<WrongBytesException>(() => Array.ForEach(lines, line => follow.Take(line)));
    }

    [Fact]
    public async Task A_follow_that_ends_fails_them_all()
    {
        var opened = Follows.OpenAsync(["ticks-0"], (_, _) => Task.CompletedTask, TestContext.Current.CancellationToken);

        await Assert.ThrowsAsync<WrongBytesException>(() => opened);
    }
}
