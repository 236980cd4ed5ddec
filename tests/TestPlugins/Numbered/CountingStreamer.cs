using System.Globalization;
using System.Threading.Channels;
using RunLogs.Abstractions;

namespace Numbered;

/// <summary>Streams lines that follow from their numbers alone, so that every generation has the same; the container ends at the line that a file names, once it is there.</summary>
public sealed class CountingStreamer(long since, string lastLineFile, TimeProvider time) : ILogStreamer
{
    private const long Apart = 500_000;

    public async Task<TailEnd> TailLogsAsync(TailRequest request, ChannelWriter<LogBatch> output, CancellationToken cancellationToken)
    {
        var next = request.Since is { } from ? Math.Max(0, (from.UnixNanoseconds - since + Apart - 1) / Apart) : 0;
        var first = new LogBatch { Facts = new ContainerFacts() };
        await output.WriteAsync(first, cancellationToken);
        while (true)
        {
            var last = File.Exists(lastLineFile) ? long.Parse(await File.ReadAllTextAsync(lastLineFile, cancellationToken), CultureInfo.InvariantCulture) : long.MaxValue;
            var written = Math.Min(last, (LogTimestamp.From(time.GetUtcNow()).UnixNanoseconds - since) / Apart);
            while (next <= written)
            {
                next = await WriteAsync(next, written, output, cancellationToken);
            }

            if (next > last)
            {
                return TailEnd.Complete;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), time, cancellationToken);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task<long> WriteAsync(long next, long written, ChannelWriter<LogBatch> output, CancellationToken cancellationToken)
    {
        var batch = new LogBatch();
        while (next <= written && TryAppend(batch, next))
        {
            next++;
        }

        try
        {
            await output.WriteAsync(batch, cancellationToken);
        }
        catch
        {
            batch.Dispose();
            throw;
        }

        return next;
    }

    private bool TryAppend(LogBatch batch, long number)
    {
        Span<byte> text = stackalloc byte[20];
        number.TryFormat(text, out var length, provider: CultureInfo.InvariantCulture);
        return batch.TryAppend(new LogTimestamp(since + (number * Apart)), text[..length], OutputStream.Stdout, LogOriginator.User, LineEnd.LineFeed);
    }
}
