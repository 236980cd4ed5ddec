using System.Buffers;
using System.IO.Pipelines;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace RunLogs.Connect;

/// <summary>The body of a stream: gRPC's frames on their way to the client, which reads them as envelopes of the same shape.</summary>
/// <remarks>
/// Frames in Protobuf are written into the server's own buffer and never copied; others go through <see cref="FrameTranscoder"/>.
/// The end may be written by another thread than the one that writes messages, but only where no frame is cut by it.
/// </remarks>
internal sealed class EnvelopeWriter(HttpContext context, ConnectResponse response, ConnectContentType contentType, FrameTranscoder transcoder) : ResponseBody
{
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task? _start;
    private FrameTranscoder? _transcoder;
    private FrameBoundary _boundary;
    private Memory<byte> _lent;
    private ReadOnlyMemory<byte> _end;
    private bool _isGrpc;

    public override bool IsStarted => _start is not null;

    /// <summary>Done when the end of the stream has been written.</summary>
    public Task Ended => _ended.Task;

    public override Task StartAsync(CancellationToken cancellationToken) => StartAsync(Metadata.Empty);

    /// <summary>Ends the stream where the message being written ends.</summary>
    public async Task EndAsync(ConnectError? error, Metadata trailers)
    {
        await StartAsync(trailers);
        lock (_gate)
        {
            try
            {
                _transcoder?.WriteTo(response.Body);
            }
            catch (RpcException unwritable)
            {
                error ??= ConnectError.From(unwritable.Status, Metadata.Empty);
            }

            _end = EndOfStream.ToEnvelope(error, trailers);
            EndIfWhole();
        }
    }

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        lock (_gate)
        {
            // A handler that writes on after the end writes to nobody.
            return _lent = _ended.Task.IsCompleted ? new byte[Math.Max(sizeHint, 256)]
                : _transcoder is null ? response.Body.GetMemory(sizeHint) : _transcoder.Frames.GetMemory(sizeHint);
        }
    }

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public override void Advance(int bytes)
    {
        lock (_gate)
        {
            if (_ended.Task.IsCompleted)
                return;

            if (_transcoder is not null)
            {
                _transcoder.Frames.Advance(bytes);
            }
            else
            {
                if (_isGrpc)
                    _boundary.Pass(_lent.Span[..bytes]);
                response.Body.Advance(bytes);
            }

            _lent = default;
            EndIfWhole();
        }
    }

    public override async ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
    {
        await StartAsync(cancellationToken);
        this.Write(source.Span);
        return await FlushAsync(cancellationToken);
    }

    public override async ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        await StartAsync(cancellationToken);
        lock (_gate)
        {
            if (_ended.Task.IsCompleted)
                return new FlushResult(isCanceled: false, isCompleted: true);

            _lent = default;
            _transcoder?.WriteTo(response.Body);
            EndIfWhole();
        }

        return await response.Body.FlushAsync(cancellationToken);
    }

    private Task StartAsync(Metadata trailers)
    {
        lock (_gate)
        {
            if (_start is null && context.Features.Get<IServerCallContextFeature>() is not null)
            {
                _isGrpc = true;
                if (transcoder.IsNeeded || response.Headers.GrpcEncoding.Count > 0)
                    _transcoder = transcoder;
                response.WriteStreamHead(contentType, transcoder.IsGzip, trailers);
            }

            return _start ??= response.StartAsync();
        }
    }

    private void EndIfWhole()
    {
        if (_end.IsEmpty || _ended.Task.IsCompleted || (_transcoder is null && !(_lent.IsEmpty && _boundary.IsBetweenFrames)))
            return;

        response.Body.Write(_end.Span);
        _ended.SetResult();
    }
}
