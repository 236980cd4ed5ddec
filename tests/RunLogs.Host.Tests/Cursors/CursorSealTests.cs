using System.Buffers.Text;
using RunLogs.Abstractions;
using RunLogs.Host.Contexts;
using RunLogs.Host.Cursors;
using RunLogs.Host.Tailing;
using Some = RunLogs.Host.Tests.Tailing.Some;

namespace RunLogs.Host.Tests.Cursors;

public sealed class CursorSealTests
{
    private const string OldSecret = "the secret of the year before this one";
    private const string NewSecret = "the secret of this year, which is new.";

    private static readonly CursorSeal Seal = Of(OldSecret);

    [Fact]
    public void What_was_sealed_is_opened_by_any_replica_with_the_key()
    {
        var (plan, delivery) = Delivered(logs: 3);

        var opened = Open(Of(OldSecret), Seal.Seal(plan, delivery));

        Assert.Equal(plan.Target, opened.Target);
        Assert.Equal(2, opened.Positions.Count);
        var position = opened.Positions[CursorTarget.LogOf(plan.Logs[0])];
        Assert.Equal(delivery.PositionOf(0)!.Tail, position.Tail);
        Assert.DoesNotContain(CursorTarget.LogOf(plan.Logs[2]), opened.Positions.Keys);
    }

    [Fact]
    public void A_key_is_replaced_without_breaking_cursors()
    {
        var (plan, delivery) = Delivered();
        var old = Seal.Seal(plan, delivery);

        var both = Of(NewSecret, OldSecret);
        var renewed = both.Seal(plan, delivery);

        Assert.Equal(plan.Target, Open(both, old).Target);
        Assert.Equal(plan.Target, Open(Of(NewSecret), renewed).Target);
        Assert.Contains("RunLogs:CursorKey must be the same on all replicas", FaultOf(Of(NewSecret), old), StringComparison.Ordinal);
    }

    [Fact]
    public void Not_one_changed_bit_is_accepted()
    {
        var (plan, delivery) = Delivered();
        var bytes = Base64Url.DecodeFromChars(Seal.Seal(plan, delivery));

        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(Seal.TryOpen(Base64Url.EncodeToString(bytes), out _, out var fault));
            Assert.Contains("since instead", fault, StringComparison.Ordinal);
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        Assert.Equal(plan.Target, Open(Seal, Base64Url.EncodeToString(bytes)).Target);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("not base64!")]
    [InlineData("AAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("\0\u001b[31m")]
    public void Anything_else_is_none_of_ours(string text) => Assert.Contains("none that", FaultOf(Seal, text), StringComparison.Ordinal);

    [Fact]
    public void Every_truncation_and_a_giant_are_none_of_ours()
    {
        var (plan, delivery) = Delivered();
        var cursor = Seal.Seal(plan, delivery);

        Assert.All(Enumerable.Range(0, cursor.Length), length => Assert.False(Seal.TryOpen(cursor[..length], out _, out _)));
        Assert.False(Seal.TryOpen(new string('A', 1024 * 1024), out _, out _));
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(6, true)]
    [InlineData(17, true)]
    [InlineData(40, false)]
    [InlineData(100, false)]
    public void A_cursor_grows_by_at_most_a_kibibyte_a_container_and_stays_out_of_headers_above_6(int logs, bool fitsHeader)
    {
        var (plan, delivery) = Delivered(logs + 1, lines: 5000);

        var cursor = Seal.Seal(plan, delivery);

        Assert.InRange(cursor.Length, 100 * logs, (1024 * logs) + 100);
        Assert.Equal(fitsHeader, Seal.SealForHeader(plan, delivery) is not null);
        Assert.Equal(logs, Open(Seal, cursor).Positions.Count);
    }

    [Fact]
    public void Its_target_is_the_same_only_for_the_same_logs_and_filter()
    {
        TailRequest[] logs = [Some.Request(), Some.Request() with { Container = "sidecar" }];
        var found = new AttemptLogs(new AttemptIdentity { Org = "", Project = "p", Domain = "d", Run = "r", Action = "a", Attempt = 2 }, logs);
        var target = CursorTarget.Of(found, ContainerSelection.Primary, previous: false, TailFilter.Containing("x"));

        Assert.Equal(2u, target.Attempt);
        Assert.Equal(target, CursorTarget.Of(found with { Logs = [logs[1], logs[0]] }, new ContainerSelection(["main", "sidecar"], false), previous: false, TailFilter.Containing("x")));
        Assert.NotEqual(target, CursorTarget.Of(found with { Logs = [logs[0]] }, ContainerSelection.Primary, previous: false, TailFilter.Containing("x")));
        Assert.NotEqual(target, CursorTarget.Of(found, ContainerSelection.Primary, previous: true, TailFilter.Containing("x")));
        Assert.NotEqual(target, CursorTarget.Of(found, ContainerSelection.Primary, previous: false, TailFilter.Matching("x")));
        Assert.NotEqual(target, CursorTarget.Of(found, ContainerSelection.Primary, previous: false, null));
        Assert.NotEqual(target, CursorTarget.Of(found, new ContainerSelection([], AllPods: true), previous: false, TailFilter.Containing("x")));
        Assert.NotEqual(target, CursorTarget.Of(found with { Attempt = found.Attempt with { Attempt = 3 } }, ContainerSelection.Primary, previous: false, TailFilter.Containing("x")));
        Assert.NotEqual(target, CursorTarget.Of(found with { Attempt = found.Attempt with { Run = "other" } }, ContainerSelection.Primary, previous: false, TailFilter.Containing("x")));
    }

    private static CursorSeal Of(params string[] secrets) => new(new CursorKeys(secrets));

    private static TailCursor Open(CursorSeal seal, string text)
    {
        Assert.True(seal.TryOpen(text, out var cursor, out var fault), fault);
        return cursor;
    }

    private static string FaultOf(CursorSeal seal, string text)
    {
        Assert.False(seal.TryOpen(text, out _, out var fault));
        return fault;
    }

    // The last of several logs has delivered nothing yet.
    private static (TailPlan Plan, Delivery Delivery) Delivered(int logs = 1, int lines = 10)
    {
        TailRequest[] requests = [.. Enumerable.Range(0, logs).Select(log => Some.Request() with { Container = $"c{log}" })];
        var plan = new TailPlan { Logs = requests, Target = CursorTarget.Of(new PodTarget("", "flyte", "run-a0-0", ""), requests, previous: false, null) };
        var delivery = new Delivery(plan, keepsLineEnds: true);
        for (var log = 0; log < Math.Max(1, logs - 1); log++)
        {
            foreach (var chunk in Enumerable.Range(0, lines).Chunk(1000))
            {
                using var batch = new LogBatch { Instance = new ContainerInstance { ContainerId = new string('a', 64), RestartCount = 3 } };
                foreach (var i in chunk)
                {
                    Assert.True(batch.TryAppend(Some.Time.Add(TimeSpan.FromMilliseconds(i)), "line"u8, OutputStream.Stdout, LogOriginator.User, LineEnd.LineFeed));
                }

                delivery.Take(new TailItem(batch, "Kubernetes", LogSourceKind.Live, log));
            }
        }

        return (plan, delivery);
    }
}
