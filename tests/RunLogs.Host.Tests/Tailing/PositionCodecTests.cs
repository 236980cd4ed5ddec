using RunLogs.Abstractions;
using RunLogs.Host.Tailing;

namespace RunLogs.Host.Tests.Tailing;

public sealed class PositionCodecTests
{
    private const string Id = "4c01db0b339c1c3b9f1f1f0f5b8a2d9e0a1b2c3d4e5f60718293a4b5c6d7e8f9";

    [Fact]
    public void What_was_written_is_read_again()
    {
        var random = new Random(1);
        for (var i = 0; i < 500; i++)
        {
            var position = Positions.Random(random);

            AssertSame(position, Read(Written(position)));
        }
    }

    [Fact]
    public void A_position_before_any_line_is_read_again() => AssertSame(new PositionRecord(), Read(Written(new PositionRecord())));

    [Theory]
    [InlineData(null, null)]
    [InlineData(0, null)]
    [InlineData(7, Id)]
    [InlineData(null, Id)]
    [InlineData(int.MaxValue, "ABCDEF")]
    [InlineData(1, "a name, not an id")]
    public void The_instance_is_read_again(int? restarts, string? id)
    {
        var position = new PositionRecord { Instance = new ContainerInstance { RestartCount = restarts, ContainerId = id } };

        var read = Read(Written(position));

        Assert.Equal((restarts, id), (read.Instance?.RestartCount, read.Instance?.ContainerId));
    }

    [Fact]
    public void An_id_that_is_longer_than_any_is_left_out()
    {
        var position = new PositionRecord { Instance = new ContainerInstance { RestartCount = 3, ContainerId = new string('x', 4096) } };

        Assert.Equal(new ContainerInstance { RestartCount = 3 }, Read(Written(position)).Instance);
    }

    [Theory]
    [InlineData(long.MinValue + 1)]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(long.MaxValue)]
    public void Times_at_the_ends_of_the_range_are_read_again(long nanoseconds)
    {
        var position = new LinePosition(fromTheStart: true);
        using var batch = new LogBatch();
        Assert.True(batch.TryAppend(new LogTimestamp(nanoseconds), "text"u8, OutputStream.Stdout, LogOriginator.User, LineEnd.LineFeed));
        position.Advance(batch);

        var read = Read(Written(position.Save()));

        AssertSame(position.Save(), read);
        Assert.Equal(position.Since, LinePosition.Restore(read).Since);
    }

    [Fact]
    public void The_largest_position_keeps_its_counts_and_most_of_its_lines()
    {
        var position = Positions.Large(linesOfEach: 1_000_000);

        var written = Written(position);

        Assert.InRange(written.Length, 1, PositionCodec.MaxBytes);
        var read = Read(written);
        Assert.Equal(position.Counts, read.Counts);
        Assert.Equal(position.Tail.TakeLast(read.Tail.Length), read.Tail);
        Assert.InRange(read.Tail.Length, 40, LineTail.Capacity);
    }

    [Fact]
    public void Counts_that_no_container_reaches_give_way_to_the_lines()
    {
        var read = Read(Written(Positions.Large(linesOfEach: long.MaxValue)));

        Assert.Empty(read.Counts);
        Assert.False(read.IsCounted);
        Assert.Equal(LineTail.Capacity, read.Tail.Length);
    }

    [Fact]
    public void The_smallest_room_holds_some_of_the_newest_lines_of_any_position()
    {
        Span<byte> room = stackalloc byte[PositionCodec.MinBytes];
        var position = Positions.Large(linesOfEach: long.MaxValue);

        var read = Read(room[..PositionCodec.Write(position, room)]);

        Assert.Equal(position.Tail.TakeLast(read.Tail.Length), read.Tail);
        Assert.InRange(read.Tail.Length, 16, LineTail.Capacity);
    }

    [Fact]
    public void A_position_cut_anywhere_or_with_more_behind_it_is_refused()
    {
        var random = new Random(2);
        for (var i = 0; i < 50; i++)
        {
            var written = Written(Positions.Random(random));
            for (var length = 0; length < written.Length; length++)
            {
                Assert.False(PositionCodec.TryRead(written.AsSpan(0, length), out _));
            }

            Assert.False(PositionCodec.TryRead([.. written, 0], out _));
        }
    }

    [Fact]
    public void Another_version_is_refused()
    {
        var written = Written(Positions.Random(new Random(3)));
        written[0]++;

        Assert.False(PositionCodec.TryRead(written, out _));
    }

    [Fact]
    public void Whatever_bytes_are_read_they_make_a_position_that_works_or_none()
    {
        var random = new Random(4);
        var positions = Enumerable.Range(0, 200).Select(_ => Written(Positions.Random(random))).ToList();
        var made = 0;
        for (var i = 0; i < 100_000; i++)
        {
            byte[] bytes = i % 2 == 0 ? [.. positions[random.Next(positions.Count)]] : new byte[random.Next(1, 200)];
            if (i % 2 == 0)
            {
                bytes[random.Next(1, bytes.Length)] = (byte)random.Next(256);
            }
            else
            {
                random.NextBytes(bytes);
                bytes[0] = 1;
            }

            made += PositionCodec.TryRead(bytes, out var read) && (i % 32 > 0 || Works(read)) ? 1 : 0;
        }

        Assert.InRange(made, 1000, 99_000);
    }

    [Fact]
    public void Lengths_that_a_stranger_claims_allocate_nothing_of_their_size()
    {
        byte[] claims = [1, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0x07, 36, 255, 255, 255, 255];
        PositionCodec.TryRead(claims, out _);
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.False(PositionCodec.TryRead(claims, out _));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4096);
    }

    private static bool Works(PositionRecord read)
    {
        var position = LinePosition.Restore(read);
        using var batch = Some.Batch("one", "two");
        foreach (var mode in Enum.GetValues<SeamMode>())
        {
            using var again = Some.Batch("one", "two");
            var seam = Seam.At(position, mode);
            seam.Trim(again);
            seam.Discard();
        }

        position.Advance(batch);
        return PositionCodec.TryRead(Written(position.Save()), out _);
    }

    private static byte[] Written(PositionRecord position)
    {
        var room = new byte[PositionCodec.MaxBytes];
        return room[..PositionCodec.Write(position, room)];
    }

    private static PositionRecord Read(ReadOnlySpan<byte> written)
    {
        Assert.True(PositionCodec.TryRead(written, out var read));
        return read;
    }

    private static void AssertSame(PositionRecord expected, PositionRecord actual)
    {
        Assert.Equal(expected with { Counts = actual.Counts, Tail = actual.Tail }, actual);
        Assert.Equal(expected.Counts, actual.Counts);
        Assert.Equal(expected.Tail, actual.Tail);
    }
}
