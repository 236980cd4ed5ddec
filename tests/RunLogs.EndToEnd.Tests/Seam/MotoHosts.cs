using System.Text.Json.Nodes;
using RunLogs.Testing.CloudWatch;
using RunLogs.Testing.Kubernetes;
using RunLogs.Testing.Seam;

namespace RunLogs.EndToEnd.Tests.Seam;

/// <summary>Two hosts whose archive is moto_server's CloudWatch; none where it is missing.</summary>
public sealed class MotoHosts : TwoHosts
{
    private readonly HashSet<string> _streams = [];
    private MotoServer? _moto;

    private protected override int[] ArchivePorts => [new Uri(_moto!.Url).Port];

    internal override bool FindsOnlyContainer => false;

    internal override ISeamArchive ArchiveOf(FakePod pod, string container) => new CloudWatchArchive(pod, container, PutAsync);

    public override ValueTask InitializeAsync() => MotoServer.IsThere ? base.InitializeAsync() : ValueTask.CompletedTask;

    public override async ValueTask DisposeAsync()
    {
        if (_moto is not null)
        {
            await base.DisposeAsync();
            await _moto.DisposeAsync();
        }
    }

    private protected override async Task<string[]> StartArchiveAsync()
    {
        _moto = await MotoServer.StartAsync();
        await _moto.CallAsync("CreateLogGroup", new JsonObject { ["logGroupName"] = CloudWatchNode.LogGroup }, TestContext.Current.CancellationToken);
        return CloudWatchHosts.Settings(_moto.Url, _moto.AccessKey, _moto.SecretKey);
    }

    private async Task PutAsync(string stream, IReadOnlyList<(long Timestamp, string Message)> events, CancellationToken cancellationToken)
    {
        var place = new JsonObject { ["logGroupName"] = CloudWatchNode.LogGroup, ["logStreamName"] = stream };
        if (_streams.Add(stream))
        {
            await _moto!.CallAsync("CreateLogStream", place, cancellationToken);
        }

        place["logEvents"] = new JsonArray([.. events.Select(e => new JsonObject { ["timestamp"] = e.Timestamp, ["message"] = e.Message })]);
        await _moto!.CallAsync("PutLogEvents", place, cancellationToken);
    }
}
