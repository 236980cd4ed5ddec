using System.Text;
using System.Threading.Channels;
using RunLogs.Abstractions;
using RunLogs.Host.Plugins;

namespace RunLogs.Host.Tests.Plugins;

/// <summary>Asks the separately compiled plugin Good for its three lines.</summary>
internal static class GoodPlugin
{
    public static async Task<string[]> TailAsync(PluginLease lease)
    {
        var output = Channel.CreateBounded<LogBatch>(10);
        var request = new TailRequest { Cluster = "default", Namespace = "ns", Pod = "pod", Container = "main" };
        await lease.Streamer.TailLogsAsync(request, output.Writer, CancellationToken.None).WaitAsync(CatalogHost.Limit);
        using var batch = await output.Reader.ReadAsync().AsTask().WaitAsync(CatalogHost.Limit);
        return TextsOf(batch);
    }

    public static async Task<string[]> TailAsync(PluginCatalog catalog, string cluster = "default")
    {
        using var lease = catalog.TryLease("Good", cluster, out var reason);
        Assert.True(lease is not null, reason);
        return await TailAsync(lease);
    }

    private static string[] TextsOf(LogBatch batch)
    {
        var texts = new List<string>();
        foreach (var entry in batch.Entries)
        {
            texts.Add(Encoding.UTF8.GetString(batch.TextOf(entry)));
        }

        return [.. texts];
    }
}
