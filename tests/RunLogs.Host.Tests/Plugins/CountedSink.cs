using System.Buffers.Text;
using RunLogs.Abstractions;
using RunLogs.Host.Tailing;

namespace RunLogs.Host.Tests.Plugins;

/// <summary>A client of a counting container: takes note of the first line that does not follow on the one before.</summary>
internal sealed class CountedSink : ITailSink
{
    private long _lines;

    public long Lines => Volatile.Read(ref _lines);

    public string? Fault { get; private set; }

    public List<string> Notices { get; } = [];

    public bool KeepsLineEnds => false;

    public bool TakesSingleLines => false;

    public ValueTask AcceptAsync(TailPlan plan, Delivery delivery, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask WriteAsync(TailItem item, bool flush, CancellationToken cancellationToken)
    {
        Notices.AddRange(item.Batch.Notices.Select(notice => notice.Message));
        foreach (var entry in item.Batch.Entries)
        {
            if (!Utf8Parser.TryParse(item.Batch.TextOf(entry), out long number, out _) || number != _lines)
            {
                Fault ??= $"line {number} came after {_lines} lines";
            }

            Volatile.Write(ref _lines, _lines + 1);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask HeartbeatAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask EndAsync(Closing closing, CancellationToken cancellationToken) => ValueTask.CompletedTask;
}
