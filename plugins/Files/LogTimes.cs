using System.Buffers;
using RunLogs.Abstractions;

namespace RunLogs.Plugins.Files;

/// <summary>The times at which a container's log begins and ends, as far as its files still tell.</summary>
internal static class LogTimes
{
    private const int BlockBytes = 64 * 1024;

    public static LogTimestamp? First(LogFile file) => InBlock(file, 0, first: true);

    public static LogTimestamp? Last(LogFile file) => InBlock(file, Math.Max(0, file.Length - BlockBytes), first: false);

    private static LogTimestamp? InBlock(LogFile file, long offset, bool first)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BlockBytes);
        try
        {
            LogTimestamp? found = null;
            var block = buffer.AsSpan(0, file.Peek(buffer.AsSpan(0, BlockBytes), offset));
            foreach (var line in block.Split((byte)'\n'))
            {
                if (CriRecord.Parse(block[line]) is { Timestamp: { IsNone: false } time })
                    found = time;

                if (first && found is not null)
                    break;
            }

            return found;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
