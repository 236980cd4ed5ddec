using Grpc.Core;
using RunLogs.Protos.V1;

namespace RunLogs.EndToEnd.Tests.Seam;

/// <summary>One call of <c>runlogs.v1.LogService</c>, and what came of it by the client's own count.</summary>
internal sealed class LogCall(HostProcess host, TailLogsRequest request) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly AsyncServerStreamingCall<TailLogsResponse> _call = new LogService.LogServiceClient(host.Channel).TailLogs(request);

    /// <summary>Texts without their line ends, with the container that wrote them.</summary>
    public List<(string Container, string Text)> Lines { get; } = [];

    public List<Notice> Notices { get; } = [];

    public OwnCount Count { get; } = new();

    /// <summary>Stands after the last of <see cref="Lines"/>.</summary>
    public string Cursor { get; private set; } = request.Cursor;

    public Closing? Closing { get; private set; }

    public IEnumerable<string> Texts => Lines.Select(line => line.Text);

    /// <summary>A call for an attempt's log, from a cursor on.</summary>
    public static LogCall Open(HostProcess host, string run, string cursor = "", Action<TailLogsRequest>? with = null)
    {
        var request = new TailLogsRequest { Attempt = new() { ActionId = Rig.Action(run), Attempt = 1 }, Cursor = cursor };
        with?.Invoke(request);
        return new LogCall(host, request);
    }

    /// <summary>Reads until so many lines have come in all.</summary>
    public async Task ReadAsync(int lines)
    {
        while (Lines.Count < lines)
        {
            Assert.True(await TryReadAsync(), $"The call ended after {Lines.Count} lines: {Closing}");
        }
    }

    /// <summary>Reads until a response comes that is so.</summary>
    public async Task<TailLogsResponse> ReadAsync(Predicate<TailLogsResponse> isIt)
    {
        do
        {
            Assert.True(await TryReadAsync(), $"The call ended after {Lines.Count} lines: {Closing}");
        }
        while (!isIt(_call.ResponseStream.Current));

        return _call.ResponseStream.Current;
    }

    /// <summary>Reads to the end; the closing record says what was counted.</summary>
    public async Task<Closing> ReadToEndAsync()
    {
        while (await TryReadAsync())
        {
        }

        Assert.Null(Count.Differs(Closing));
        return Closing!;
    }

    /// <summary>Reads to the end or a failure, and returns its status.</summary>
    public async Task<StatusCode> ReadToStatusAsync()
    {
        try
        {
            await ReadToEndAsync();
            return StatusCode.OK;
        }
        catch (RpcException failure)
        {
            return failure.StatusCode;
        }
    }

    public void Dispose() => _call.Dispose();

    private async Task<bool> TryReadAsync()
    {
        if (!await _call.ResponseStream.MoveNext(TestContext.Current.CancellationToken).WaitAsync(Patience))
        {
            return false;
        }

        var response = _call.ResponseStream.Current;
        foreach (var logs in response.Logs)
        {
            foreach (var line in logs.Lines)
            {
                Lines.Add((logs.Container.KubernetesContainerName, OwnCount.WithoutLineEnd(line.Message)));
                Count.Add(line.Message, logs.Backend);
            }
        }

        Notices.AddRange(response.Notices);
        Assert.True(response.Logs.Count == 0 || response.Cursor.Length > 0, "lines came without a cursor");
        Cursor = response.Cursor.Length > 0 ? response.Cursor : Cursor;
        Assert.Null(Closing);
        Closing = response.Closing;
        return true;
    }
}
