using Grpc.Core;
using RunLogs.Cli.Output;
using RunLogs.Protos.V1;

namespace RunLogs.Cli.Tailing;

/// <summary>Prints one log to its end, and goes on where it stands when the connection or the host is lost in between.</summary>
internal sealed class LogPrinter(Server server, TailLogsRequest request, ILogOutput output, TextWriter errors, RetryPace pace, CursorFile? file)
{
    private readonly LogService.LogServiceClient _logs = new(server.Channel);
    private bool _areLinesLost;
    private Closing? _closing;

    /// <summary>The exit code of a log that came to its end.</summary>
    public async Task<int> PrintAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await ReadAsync(cancellationToken);
                return Judge();
            }
            catch (RpcException error) when (!cancellationToken.IsCancellationRequested)
            {
                var failure = Failure.Of(error, server.Address);
                if (!pace.HasStream || !MayPass(error))
                {
                    throw failure;
                }

                if (!pace.IsBroken)
                {
                    errors.WriteLine($"runlogs: {failure.Message} It is asked again, and goes on where it stands.");
                }

                if (!await pace.WaitAsync(cancellationToken))
                {
                    throw failure;
                }
            }
        }
    }

    // Of what a stream breaks off with, that which another try may not meet.
    private static bool MayPass(RpcException error) =>
        error.StatusCode is StatusCode.Unavailable or StatusCode.Aborted or StatusCode.ResourceExhausted or StatusCode.DeadlineExceeded
        || (error.StatusCode is StatusCode.Internal or StatusCode.Unknown or StatusCode.Cancelled && error.Status.DebugException is not null);

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        using var call = _logs.TailLogs(request, server.Headers, cancellationToken: cancellationToken);
        _closing = null;
        var responses = call.ResponseStream;
        var next = responses.MoveNext(cancellationToken);
        try
        {
            while (await next)
            {
                Take(responses.Current);
                next = responses.MoveNext(cancellationToken);
                if (!next.IsCompleted)
                {
                    await HandOnAsync(cancellationToken);
                }
            }
        }
        finally
        {
            // What was taken will not come again: it is printed, whatever broke the stream.
            await HandOnAsync(CancellationToken.None);
        }
    }

    private void Take(TailLogsResponse response)
    {
        pace.Succeeded();
        foreach (var notice in response.Notices)
        {
            _areLinesLost |= notice.Kind == Notice.Types.Kind.LinesLost;
            output.Write(notice);
        }

        foreach (var logs in response.Logs)
        {
            output.Write(logs);
        }

        request.Cursor = response.Cursor.Length > 0 ? response.Cursor : request.Cursor;
        _closing = response.Closing ?? _closing;
    }

    private async Task HandOnAsync(CancellationToken cancellationToken)
    {
        await output.FlushAsync(cancellationToken);
        if (file is not null && request.Cursor.Length > 0)
        {
            file.Write(request.Cursor);
        }
    }

    private int Judge()
    {
        if (_closing is not { } closing)
        {
            return ExitCode.Done;
        }

        output.Write(closing, request.Cursor);
        output.FlushAsync(CancellationToken.None).GetAwaiter().GetResult();
        var isWhole = closing.Completeness == Closing.Types.Completeness.Complete
            || (closing.EndReason == Closing.Types.EndReason.AsFarAsAsked && closing.Completeness == Closing.Types.Completeness.Unknown);
        if (isWhole && !_areLinesLost)
        {
            return ExitCode.Done;
        }

        errors.WriteLine(closing.Reason.Length > 0 ? $"runlogs: The log may not be whole: {closing.Reason}" : "runlogs: The log is not whole: see the notices above.");
        return ExitCode.Incomplete;
    }
}
