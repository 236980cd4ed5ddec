using System.Text;
using System.Threading.Channels;
using RunLogs.Abstractions;

namespace RunLogs.Host.Tests.Tailing;

/// <summary>A source that serves the lines it has, from the time asked for on, and ends where it is told to.</summary>
/// <param name="lines">All it has, in its own order.</param>
/// <param name="unit">The nanoseconds to which it rounds the time it is asked for.</param>
internal sealed class KeptLog(IReadOnlyList<KeptLine> lines, long unit = 1) : ILogStreamer
{
    private const long Millisecond = 1_000_000;

    /// <summary>After so many entries it is gone; null to serve all.</summary>
    public int? GoneAfter { get; init; }

    /// <summary>Entries in a batch.</summary>
    public int BatchSize { get; init; } = 100;

    public ContainerInstance? Instance { get; init; }

    public int Opens { get; private set; }

    /// <summary>A kubelet: the order of the source, and whole seconds.</summary>
    public static KeptLog Live(IReadOnlyList<KeptLine> lines, int? goneAfter = null) => new(lines, LogTimestamp.NanosecondsPerSecond) { GoneAfter = goneAfter };

    /// <summary>An archive that cut all times to milliseconds.</summary>
    public static KeptLog InMilliseconds(IReadOnlyList<KeptLine> lines) => new([.. lines.Select(Cut)]);

    /// <summary>An archive that cut all times to milliseconds and sorted by them.</summary>
    public static KeptLog SortedByMilliseconds(IReadOnlyList<KeptLine> lines) => new([.. lines.Select(Cut).OrderBy(line => line.Time)]);

    /// <summary>An archive that sorted by the whole time.</summary>
    public static KeptLog SortedByNanoseconds(IReadOnlyList<KeptLine> lines) => new([.. lines.OrderBy(line => line.Time)]);

    public IReadOnlyList<KeptLine> Lines => lines;

    public async Task<TailEnd> TailLogsAsync(TailRequest request, ChannelWriter<LogBatch> output, CancellationToken cancellationToken)
    {
        Opens++;
        var left = GoneAfter ?? int.MaxValue;
        var batch = new LogBatch { Instance = Instance };
        foreach (var line in Asked(request))
        {
            for (var part = 0; part < line.Parts.Length && left > 0; part++, left--)
            {
                var end = part + 1 < line.Parts.Length ? LineEnd.Continues : LineEnd.LineFeed;
                Assert.True(batch.TryAppend(line.Time, Encoding.UTF8.GetBytes(line.Parts[part]), OutputStream.Unknown, LogOriginator.User, end));
                if (batch.Entries.Length == BatchSize)
                {
                    await output.WriteAsync(batch, cancellationToken);
                    cancellationToken.ThrowIfCancellationRequested();
                    batch = new LogBatch();
                }
            }
        }

        await output.WriteAsync(batch, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        return GoneAfter is null ? TailEnd.Complete : TailEnd.SourceGone;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static KeptLine Cut(KeptLine line) => line.Time.IsNone ? line : line with { Time = Down(line.Time, Millisecond) };

    private static LogTimestamp Down(LogTimestamp time, long unit) => new(time.UnixNanoseconds - (time.UnixNanoseconds % unit));

    private IEnumerable<KeptLine> Asked(TailRequest request)
    {
        var asked = request.Since is { } since ? lines.Where(line => line.Time.IsNone || line.Time >= Down(since, unit)) : lines;
        return request.TailLines is { } tail ? asked.TakeLast((int)tail) : asked;
    }
}
