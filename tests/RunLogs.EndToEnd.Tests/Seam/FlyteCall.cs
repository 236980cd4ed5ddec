using Grpc.Core;
using RunLogs.Protos.Flyte.Logs.Dataplane;
using RunLogs.Protos.V1;

namespace RunLogs.EndToEnd.Tests.Seam;

/// <summary>One call of Flyte's log service, and what came of it by the client's own count.</summary>
internal sealed class FlyteCall(HostProcess host, string run) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly AsyncServerStreamingCall<Protos.Flyte.Dataproxy.TailLogsResponse> _call = Tail.Open(host, run);

    public List<string> Texts { get; } = [];

    /// <summary>The host's own lines.</summary>
    public List<string> Notices { get; } = [];

    public OwnCount Count { get; } = new();

    public Closing? Closing => _call.GetTrailers().GetValueBytes("runlogs-closing-bin") is { } bytes ? Closing.Parser.ParseFrom(bytes) : null;

    /// <summary>Reads until so many lines have come in all.</summary>
    public async Task ReadAsync(int lines)
    {
        while (Texts.Count < lines)
        {
            Assert.True(await TryReadAsync(), $"The call ended after {Texts.Count} lines.");
        }
    }

    /// <summary>Reads to the end or a failure, and returns its status.</summary>
    public async Task<StatusCode> ReadToStatusAsync()
    {
        try
        {
            while (await TryReadAsync())
            {
            }
        }
        catch (RpcException failure)
        {
            return failure.StatusCode;
        }

        return StatusCode.OK;
    }

    public void Dispose() => _call.Dispose();

    private async Task<bool> TryReadAsync()
    {
        if (!await _call.ResponseStream.MoveNext(TestContext.Current.CancellationToken).WaitAsync(Patience))
        {
            return false;
        }

        foreach (var line in _call.ResponseStream.Current.Logs.SelectMany(logs => logs.Lines))
        {
            if (line.Originator == LogLineOriginator.System)
            {
                Notices.Add(line.Message);
                continue;
            }

            Texts.Add(OwnCount.WithoutLineEnd(line.Message));
            Count.Add(line.Message, backend: null);
        }

        return true;
    }
}
