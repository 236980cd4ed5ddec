using RunLogs.Testing.Kubernetes;
using RunLogs.Testing.Seam;
using RunLogs.Testing.Stackdriver;

namespace RunLogs.EndToEnd.Tests.Seam;

/// <summary>Two hosts whose archive is Cloud Logging.</summary>
public sealed class StackdriverHosts : TwoHosts
{
    private readonly DirectoryInfo _credentials = Directory.CreateTempSubdirectory("runlogs-google-");
    private FakeLoggingService? _logging;

    private protected override int[] ArchivePorts => [new Uri(_logging!.Url).Port, new Uri(_logging.RestUrl).Port];

    internal override bool FindsOnlyContainer => false;

    internal override bool KeepsWrittenOrder => false;

    internal override ISeamArchive ArchiveOf(FakePod pod, string container) => new StackdriverArchive(pod, container, _logging!);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_logging is not null)
        {
            await _logging.DisposeAsync();
        }

        _credentials.Delete(recursive: true);
    }

    private protected override async Task<string[]> StartArchiveAsync()
    {
        _logging = await FakeLoggingService.StartAsync(TimeProvider.System);
        var key = Path.Combine(_credentials.FullName, "key.json");
        await File.WriteAllTextAsync(key, _logging.ServiceAccountKey());
        return
        [
            $"RunLogs:Backends:Stackdriver:ProjectId={_logging.Cluster.ProjectId}",
            $"RunLogs:Backends:Stackdriver:ClusterName={_logging.Cluster.ClusterName}",
            $"RunLogs:Backends:Stackdriver:Location={_logging.Cluster.Location}",
            $"RunLogs:Backends:Stackdriver:Endpoint={_logging.Url}",
            $"GOOGLE_APPLICATION_CREDENTIALS={key}",
        ];
    }
}
