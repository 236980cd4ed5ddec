using RunLogs.Testing.CloudWatch;
using RunLogs.Testing.Kubernetes;
using RunLogs.Testing.Seam;

namespace RunLogs.EndToEnd.Tests.Seam;

/// <summary>Two hosts whose archive is CloudWatch.</summary>
public sealed class CloudWatchHosts : TwoHosts
{
    private FakeCloudWatchLogs? _logs;

    private protected override int[] ArchivePorts => [new Uri(_logs!.Url).Port];

    internal override bool FindsOnlyContainer => false;

    internal override ISeamArchive ArchiveOf(FakePod pod, string container) => new CloudWatchArchive(pod, container, (stream, events, _) =>
    {
        _logs!.Put(CloudWatchNode.LogGroup, stream, events);
        return Task.CompletedTask;
    });

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_logs is not null)
        {
            await _logs.DisposeAsync();
        }
    }

    /// <summary>How a host is told of a service that is not Amazon's own.</summary>
    internal static string[] Settings(string url, string accessKey, string secret) =>
    [
        $"RunLogs:Backends:CloudWatch:Endpoint={url}",
        $"RunLogs:Backends:CloudWatch:Region={FakeCloudWatchLogs.Region}",
        $"AWS_ACCESS_KEY_ID={accessKey}",
        $"AWS_SECRET_ACCESS_KEY={secret}",
    ];

    private protected override async Task<string[]> StartArchiveAsync()
    {
        _logs = await FakeCloudWatchLogs.StartAsync(TimeProvider.System);
        _logs.CreateGroup(CloudWatchNode.LogGroup);
        return Settings(_logs.Url, FakeCloudWatchLogs.AccessKey, FakeCloudWatchLogs.SecretKey);
    }
}
