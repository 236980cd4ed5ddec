using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace RunLogs.Testing.Kubernetes;

/// <summary>One log request that is being answered.</summary>
public sealed class FakeLogStream : IDisposable
{
    private const string TooManyWatchers = "failed to create fsnotify watcher: too many open files";

    private readonly FakeKubernetesApi _api;
    private readonly HttpContext _context;
    private readonly FakeCut? _cut;
    private readonly CancellationTokenSource _stop;
    private readonly TaskCompletionSource _ended = Gate();
    private readonly TaskCompletionSource _closedByClient = Gate();
    private volatile bool _isCut;
    private volatile bool _isEnded;
    private long _written;
    private volatile bool _isMute;
    private bool _watches;

    internal FakeLogStream(FakeKubernetesApi api, FakePod pod, HttpContext context, FakeCut? cut)
    {
        (_api, Pod, _context, _cut) = (api, pod, context, cut);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        api.Record(this);
    }

    public FakePod Pod { get; }

    public bool IsOpen { get; private set; } = true;

    /// <summary>Ends when the client closes the stream before its end.</summary>
    public Task ClosedByClient => _closedByClient.Task;

    /// <summary>Breaks it off: the client gets what was written, and a body that was cut.</summary>
    public void Cut()
    {
        lock (_api.Lock)
        {
            if (IsOpen)
            {
                _isCut = true;
                _stop.CancelAsync();
            }
        }
    }

    /// <summary>Ends it cleanly where it stands, maybe within a line.</summary>
    public void EndAtOnce()
    {
        lock (_api.Lock)
        {
            if (IsOpen)
            {
                _isEnded = true;
                _stop.CancelAsync();
            }
        }
    }

    /// <summary>Sends nothing any more and does not end, as a kubelet that lost its file does.</summary>
    public void Mute() => _isMute = true;

    /// <summary>Ends it cleanly, once all that was written has been sent.</summary>
    public void End() => _ended.TrySetResult();

    public void Dispose()
    {
        _api.Change(() => IsOpen = false);
        if (_context.RequestAborted.IsCancellationRequested && !_isCut && !_isEnded)
            _closedByClient.TrySetResult();

        _stop.Dispose();
    }

    internal void Abort()
    {
        // While it is open its context is; the server uses contexts again.
        lock (_api.Lock)
        {
            if (IsOpen)
                _context.Abort();
        }
    }

    internal async Task RunAsync(FakeInstance instance, FakeContainer container, FakeLogOptions options)
    {
        try
        {
            await WriteLogAsync(instance, container, options);
        }
        catch (OperationCanceledException) when (_isCut || _isEnded)
        {
        }

        // The server takes this for a reason to end the answer without its end.
        if (_isCut)
            throw new IOException("The stream was cut.");
    }

    private async Task WriteLogAsync(FakeInstance instance, FakeContainer container, FakeLogOptions options)
    {
        var cancelled = _stop.Token;
        var place = instance.Open(options.TailLines);

        // The kubelet answers before it opens the log.
        await _context.Response.StartAsync(cancelled);
        await _context.Response.Body.FlushAsync(cancelled);
        if (instance.IsCollected || container.BodyText is not null)
        {
            await WriteAsync(Encoding.UTF8.GetBytes(container.BodyText ?? $"unable to retrieve container logs for containerd://{instance.Id}"), options);
            return;
        }

        var rendered = new ArrayBufferWriter<byte>();
        while (true)
        {
            await _api.KubeletGoesOnAsync(cancelled);
            if (_isMute)
                await Gate().Task.WaitAsync(cancelled);

            rendered.ResetWrittenCount();
            var read = instance.Read(place, options, rendered);
            if (!await WriteAsync(rendered.WrittenMemory, options))
                return;

            if (read.Next > place.Next)
            {
                place = read;
                continue;
            }

            if (!options.Follow || instance.After(place) is not { } after)
                return;

            place = after.Place;
            if (after.When.IsCompleted)
                continue;

            if (_ended.Task.IsCompleted)
                return;

            if ((container.BodyTextInsteadOfFollowing ?? (Watches() ? null : TooManyWatchers)) is { } text)
            {
                await WriteAsync(Encoding.UTF8.GetBytes(text), options);
                return;
            }

            await Task.WhenAny(after.When, _ended.Task).WaitAsync(cancelled);
        }
    }

    // Each follower takes one of its node's watchers.
    private bool Watches()
    {
        lock (_api.Lock)
        {
            return _watches = _watches || _api.Streams.Count(stream => stream._watches && stream.IsOpen && stream.Pod.Node == Pod.Node) < _api.WatchersPerNode;
        }
    }

    // False when the stream ends here.
    private async Task<bool> WriteAsync(ReadOnlyMemory<byte> bytes, FakeLogOptions options)
    {
        var left = Math.Min(options.LimitBytes ?? long.MaxValue, _cut?.Bytes ?? long.MaxValue) - _written;
        var part = bytes.Length <= left ? bytes : bytes[..(int)left];
        _written += part.Length;
        if (!part.IsEmpty)
        {
            await _context.Response.Body.WriteAsync(part, _stop.Token);
            await _context.Response.Body.FlushAsync(_stop.Token);
        }

        if (_written < Math.Min(options.LimitBytes ?? long.MaxValue, _cut?.Bytes ?? long.MaxValue))
            return true;

        _isCut = _cut is { Clean: false } && _written >= _cut.Bytes;
        return false;
    }

    private static TaskCompletionSource Gate() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
