using System.Runtime.CompilerServices;
using Microsoft.Extensions.Time.Testing;
using RunLogs.Abstractions;
using RunLogs.Testing;
using RunLogs.Testing.Stackdriver;

namespace RunLogs.Host.Tests.Plugins;

/// <summary>The one backend that is known not to leave memory once it had credentials: whoever replaces it is told.</summary>
public sealed class StackdriverReloadTests : IDisposable
{
    private const string CredentialsFile = "GOOGLE_APPLICATION_CREDENTIALS";

    private readonly PluginDirectory _directory = new();
    private readonly FakeTimeProvider _time = new();

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(CredentialsFile, null);
        _directory.Dispose();
    }

    [Fact]
    public async Task A_generation_of_Stackdriver_that_had_credentials_is_said_to_stay_and_the_next_one_serves()
    {
        await using var logging = await FakeLoggingService.StartAsync(_time);
        logging.Put(Some.Container, Some.Lines(3));
        var key = Path.Combine(_directory.AddEmpty("Stackdriver"), "key.json");
        await File.WriteAllTextAsync(key, logging.ServiceAccountKey(), TestContext.Current.CancellationToken);
        Environment.SetEnvironmentVariable(CredentialsFile, key);
        var folder = AddStackdriver();
        await using var host = await CatalogHost.StartAsync(
            _directory.Path,
            _time,
            ("RunLogs:Plugins:PollInterval", "1.00:00:00"),
            ("RunLogs:Backends:Stackdriver:ProjectId", logging.Cluster.ProjectId),
            ("RunLogs:Backends:Stackdriver:ClusterName", logging.Cluster.ClusterName),
            ("RunLogs:Backends:Stackdriver:Endpoint", logging.Url));
        Assert.Equal(3, await ReadAsync(host));

        PluginDirectory.Touch(folder);
        host.Look();

        await StayedAsync(host);
        Assert.StartsWith("GenerationNotUnloaded Warning Generation 1 of Stackdriver has ended and is still in memory", host.Logs.Of("GenerationNotUnloaded")[0], StringComparison.Ordinal);
        Assert.Equal(2ul, host.Backend("Stackdriver").Generation!.Number);
        Assert.Equal(3, await ReadAsync(host));
    }

    private string AddStackdriver()
    {
        var here = AppContext.BaseDirectory;
        var built = Path.GetFullPath(Path.Combine(here, "../../../../../plugins/Stackdriver/bin", Path.GetRelativePath(Path.Combine(here, "../.."), here)));
        var folder = _directory.AddEmpty("Stackdriver");
        foreach (var file in Directory.GetFiles(built))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        return folder;
    }

    // Leases must not outlive it on the stack.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<int> ReadAsync(CatalogHost host)
    {
        using var lease = host.Catalog.TryLease("Stackdriver", "default", out var reason);
        Assert.True(lease is not null, reason);
        var output = new CollectingWriter();
        var request = new TailRequest
        {
            Cluster = "default",
            Namespace = Some.Container.Namespace,
            Pod = Some.Container.Pod,
            Container = Some.Container.Name,
            ContainerStart = Some.Start,
            EndedAt = Some.Start.Add(TimeSpan.FromMinutes(1)),
            Follow = FollowMode.Never,
        };
        await lease.Streamer.TailLogsAsync(request, output, TestContext.Current.CancellationToken).WaitAsync(CatalogHost.Limit);
        return output.Lines.Count;
    }

    private async Task StayedAsync(CatalogHost host)
    {
        using var limit = new CancellationTokenSource(CatalogHost.Limit);
        while (host.Logs.Of("GenerationNotUnloaded").Count == 0)
        {
            limit.Token.ThrowIfCancellationRequested();
            _time.Advance(TimeSpan.FromSeconds(20));
            await Task.Yield();
        }
    }
}
