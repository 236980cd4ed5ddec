using Microsoft.AspNetCore.Http;

namespace RunLogs.Testing.Kubernetes;

/// <summary>The requests that have arrived and whose answers have not begun.</summary>
public sealed class FakeFlights
{
    private readonly Lock _lock = new();
    private int _now;
    private int _most;

    /// <summary>How long each is left waiting before it is answered.</summary>
    public TimeSpan Latency { get; set; }

    /// <summary>The most there were at once since the start, or since this was asked for last.</summary>
    public int TakeMost()
    {
        lock (_lock)
        {
            var most = _most;
            _most = _now;
            return most;
        }
    }

    internal async Task BeginAsync(HttpContext context, TimeProvider time)
    {
        var isOver = 0;
        lock (_lock)
        {
            _most = Math.Max(_most, ++_now);
        }

        context.Response.OnStarting(EndAsync);
        context.Response.OnCompleted(EndAsync);
        if (Latency > TimeSpan.Zero)
            await Task.Delay(Latency, time, context.RequestAborted);

        Task EndAsync()
        {
            lock (_lock)
            {
                _now -= isOver++ == 0 ? 1 : 0;
            }

            return Task.CompletedTask;
        }
    }
}
