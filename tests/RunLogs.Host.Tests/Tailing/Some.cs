using System.Text;
using RunLogs.Abstractions;

namespace RunLogs.Host.Tests.Tailing;

/// <summary>Things tests need one of.</summary>
internal static class Some
{
    public static readonly LogTimestamp Time = LogTimestamp.FromUnixSeconds(1_763_800_000);

    public static TailRequest Request() => new() { Cluster = "default", Namespace = "flyte", Pod = "run-a0-0", Container = "main" };

    public static LogBatch Batch(params string[] lines)
    {
        var batch = new LogBatch();
        foreach (var line in lines)
        {
            Assert.True(batch.TryAppend(Time, Encoding.UTF8.GetBytes(line), OutputStream.Stdout, LogOriginator.User, LineEnd.LineFeed));
        }

        return batch;
    }
}
