using Microsoft.Extensions.Time.Testing;
using RunLogs.Host.Contexts;
using RunLogs.Host.Settings;

namespace RunLogs.Host.Tests.Contexts;

public sealed class SqliteWritersTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly FakeTimeProvider _time = new();
    private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<int> _written = [];
    private readonly SqliteWriters _writers;

    public SqliteWritersTests() => _writers = new SqliteWriters(SqliteLocation.Of(new RunLogsOptions { DataDirectory = "/data" }), _time);

    public void Dispose() => _writers.Dispose();

    [Fact]
    public async Task They_write_one_after_the_other_in_the_order_they_came()
    {
        var first = HoldAsync();
        var others = Enumerable.Range(0, 300).Select(i => WriteAsync(i)).ToArray();
        _time.Advance(SqliteWriters.Patience - TimeSpan.FromMilliseconds(1));
        Assert.Empty(_written);

        _gate.SetResult();
        await Task.WhenAll([first, .. others]).WaitAsync(Limit);

        Assert.Equal(Enumerable.Range(0, 300), _written);
    }

    [Fact]
    public async Task Who_has_waited_for_too_long_is_told_so_and_is_in_nobodys_way()
    {
        var first = HoldAsync();
        var late = WriteAsync(1);
        _time.Advance(SqliteWriters.Patience - TimeSpan.FromSeconds(1));
        var next = WriteAsync(2);

        _time.Advance(TimeSpan.FromSeconds(1));

        var e = await Assert.ThrowsAsync<ContextException>(() => late.WaitAsync(Limit));
        Assert.Equal((ContextError.Unavailable, "The context database runlogs.db cannot be written: other calls have been writing for 30 s. Try again."), (e.Error, e.Message));
        _gate.SetResult();
        await Task.WhenAll(first, next).WaitAsync(Limit);
        Assert.Equal([2], _written);
    }

    [Fact]
    public async Task Who_finds_no_place_is_told_so_at_once_and_a_place_left_is_free_again()
    {
        using var leaving = new CancellationTokenSource();
        var first = HoldAsync();
        var leaves = WriteAsync(0, leaving.Token);
        var others = Enumerable.Range(1, SqliteWriters.Places - 1).Select(i => WriteAsync(i)).ToArray();

        var e = await Assert.ThrowsAsync<ContextException>(() => WriteAsync(-1).WaitAsync(Limit));

        Assert.Equal((ContextError.Unavailable, "The context database runlogs.db cannot be written: 1000 other calls wait to write. Try again."), (e.Error, e.Message));
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaves.WaitAsync(Limit));
        var taken = WriteAsync(SqliteWriters.Places);
        _gate.SetResult();
        await Task.WhenAll([first, taken, .. others]).WaitAsync(Limit);
        Assert.Equal(Enumerable.Range(1, SqliteWriters.Places), _written);
    }

    [Fact]
    public async Task A_write_that_fails_lets_the_next_one_go()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => _writers.WriteAsync<int>(() => throw new InvalidOperationException(), CancellationToken.None));

        await WriteAsync(1).WaitAsync(Limit);
        Assert.Equal([1], _written);
    }

    private Task<int> HoldAsync() => _writers.WriteAsync(
        async () =>
        {
            await _gate.Task;
            return 0;
        },
        CancellationToken.None);

    private Task<int> WriteAsync(int number, CancellationToken cancellationToken = default) => _writers.WriteAsync(
        () =>
        {
            _written.Add(number);
            return Task.FromResult(number);
        },
        cancellationToken);
}
