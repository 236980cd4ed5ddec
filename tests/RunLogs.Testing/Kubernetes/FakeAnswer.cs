using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace RunLogs.Testing.Kubernetes;

/// <summary>An answer that a test dictates.</summary>
public sealed class FakeAnswer
{
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly int _code;
    private readonly string _body = "";
    private readonly string? _contentType;
    private readonly bool _hangs;
    private int? _retryAfter;

    private FakeAnswer(int code, string body, string? contentType, bool hangs)
    {
        (_code, _body, _contentType, _hangs) = (code, body, contentType, hangs);
        if (!hangs)
            _released.SetResult();
    }

    /// <summary>An error of the API as its <c>Status</c> object.</summary>
    public static FakeAnswer Status(int code, string? reason, string message, JsonObject? details = null) =>
        new(code, FakeStatus.Body(code, reason, message, details).ToJsonString(FakeStatus.Compact) + "\n", "application/json", hangs: false);

    /// <summary>The server asks to wait.</summary>
    public static FakeAnswer Throttled(int seconds) => new(StatusCodes.Status429TooManyRequests, "Too many requests, please try again later.", "text/plain", hangs: false) { _retryAfter = seconds };

    /// <summary>Any other answer.</summary>
    public static FakeAnswer Text(int code, string body, string? contentType = "text/plain") => new(code, body, contentType, hangs: false);

    /// <summary>No answer at all until <see cref="Release"/>: no headers either.</summary>
    public static FakeAnswer Hang() => new(StatusCodes.Status503ServiceUnavailable, "", null, hangs: true);

    public void Release() => _released.TrySetResult();

    internal async Task WriteAsync(HttpContext context)
    {
        if (_hangs)
            await _released.Task.WaitAsync(context.RequestAborted);

        context.Response.StatusCode = _code;
        if (_retryAfter is { } seconds)
            context.Response.Headers.RetryAfter = $"{seconds}";

        if (_contentType is not null)
            context.Response.ContentType = _contentType;

        if (_code != StatusCodes.Status204NoContent)
            await context.Response.WriteAsync(_body, context.RequestAborted);
    }
}
