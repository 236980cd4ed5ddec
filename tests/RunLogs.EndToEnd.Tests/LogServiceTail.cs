using System.IO.Hashing;
using System.Text;
using Grpc.Core;
using RunLogs.Protos.Flyte.Common;
using RunLogs.Protos.Flyte.Logs.Dataplane;
using RunLogs.Protos.V1;

namespace RunLogs.EndToEnd.Tests;

/// <summary>A client of <c>LogService</c> that keeps what it gets and counts for itself.</summary>
internal sealed class LogServiceTail : IDisposable
{
    private readonly AsyncServerStreamingCall<TailLogsResponse> _call;
    private readonly XxHash128 _hash = new();
    private long _bytes;

    private LogServiceTail(AsyncServerStreamingCall<TailLogsResponse> call) => _call = call;

    public List<LogLine> Lines { get; } = [];

    public List<string> Texts { get; } = [];

    public List<Notice> Notices { get; } = [];

    /// <summary>Which container and backend each line came from.</summary>
    public List<(ContainerIdentifier Container, LogLineSource Source, string Backend)> Origins { get; } = [];

    public List<TailLogsResponse> Responses { get; } = [];

    /// <summary>The last cursor in band.</summary>
    public string Cursor { get; private set; } = "";

    public Closing? Closing { get; private set; }

    public Metadata Trailers => _call.GetTrailers();

    public static LogServiceTail Open(HostProcess host, TailLogsRequest request, CancellationToken cancellationToken = default) =>
        new(new LogService.LogServiceClient(host.Channel).TailLogs(request, cancellationToken: cancellationToken));

    public static async Task<LogServiceTail> ReadAsync(HostProcess host, TailLogsRequest request)
    {
        var tail = Open(host, request);
        await tail.ReadToEndAsync();
        return tail;
    }

    public static TailLogsRequest Of(string run, uint attempt = 1, params string[] containers) =>
        new() { Attempt = new ActionAttemptIdentifier { ActionId = Rig.Action(run), Attempt = attempt }, Containers = { containers } };

    public async Task ReadToEndAsync()
    {
        while (await NextAsync())
        {
        }
    }

    public async Task ReadLinesAsync(int count)
    {
        while (Lines.Count < count)
        {
            Assert.True(await NextAsync(), $"The stream ended after {Lines.Count} lines.");
        }
    }

    public async Task<bool> NextAsync()
    {
        if (!await _call.ResponseStream.MoveNext(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(60)))
        {
            return false;
        }

        var response = _call.ResponseStream.Current;
        Assert.Null(Closing);
        Responses.Add(response);
        Notices.AddRange(response.Notices);
        foreach (var logs in response.Logs)
        {
            foreach (var line in logs.Lines)
            {
                Lines.Add(line);
                Origins.Add((logs.Container, logs.Source, logs.Backend));
                Texts.Add(line.Message.TrimEnd('\n'));
                var text = Encoding.UTF8.GetBytes(line.Message);
                _bytes += text.Length;
                _hash.Append(text is [.., (byte)'\n'] ? text.AsSpan(..^1) : text);
                _hash.Append("\n"u8);
            }
        }

        if (response.Logs.Count + response.Notices.Count > 0)
        {
            Assert.NotEmpty(response.Cursor);
        }

        Cursor = response.Cursor.Length > 0 ? response.Cursor : Cursor;
        Closing = response.Closing;
        return true;
    }

    /// <summary>The closing record says what this client counted.</summary>
    public Closing AssertClosed()
    {
        Assert.NotNull(Closing);
        Assert.Equal(((ulong)Lines.Count, (ulong)_bytes), (Closing.Lines, Closing.Bytes));
        Assert.Equal(_hash.GetCurrentHash(), Closing.Hash.ToByteArray());
        Assert.Equal(
            Origins.GroupBy(origin => origin.Backend).Select(group => (group.Key, (ulong)group.Count())).Order(),
            Closing.Sources.Select(share => (share.Backend, share.Lines)).Order());
        Assert.Equal(Lines.Count == 0 ? null : Lines[^1].Timestamp, Closing.Last);
        Assert.Equal(Closing, Closing.Parser.ParseFrom(Trailers.GetValueBytes("runlogs-closing-bin")));
        return Closing;
    }

    public void Dispose() => _call.Dispose();
}
