using System.Diagnostics.Tracing;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Diagnostics.NETCore.Client;
using RunLogs.Testing.Leftovers;

namespace RunLogs.EndToEnd.Tests;

/// <summary>What a host that nobody uses any more holds beyond what it held when it began to listen.</summary>
internal sealed partial class HostLeftovers
{
    // The keyword of the runtime's events with which a diagnostic tool asks for a full collection.
    private const long CollectKeyword = 0x800000;

    // Two of the tail limiter and two of each client's pooled connections, made when they are first needed and kept.
    private const int TimersOfLimiter = 2;
    private const int TimersOfPool = 2;

    private readonly int _processId;
    private readonly Uri _http;
    private readonly ProcessHoldings _before;
    private readonly int _timersBefore;

    private HostLeftovers(int processId, Uri http, int timers)
    {
        (_processId, _http, _timersBefore) = (processId, http, timers);
        _before = ProcessHoldings.Of(processId);
    }

    public static async Task<HostLeftovers> BeginAsync(int processId, Uri http) => new(processId, http, await TimersAsync(http));

    /// <summary>What is left once that is nothing or patience has ended; exceptions that nobody observed are in the host's log then.</summary>
    public async Task<IReadOnlyList<string>> FindAsync(TimeSpan patience, int keptTimers, params int[] pooledPorts)
    {
        // Twice: what a finalizer lets go of is seen by the second.
        await CollectAsync();
        await CollectAsync();
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var timers = await TimersAsync(_http) - _timersBefore;
            var left = ProcessHoldings.Of(_processId).Beyond(_before, pooledPorts).ToList();
            if (timers > TimersOfLimiter + (TimersOfPool * Math.Max(1, pooledPorts.Length)) + keptTimers)
            {
                left.Add($"active timers: {timers}");
            }

            if (left.Count == 0 || TimeProvider.System.GetElapsedTime(began) >= patience)
            {
                return left;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }
    }

    private async Task CollectAsync()
    {
        using var session = await new DiagnosticsClient(_processId).StartEventPipeSessionAsync(
            new EventPipeProvider("Microsoft-Windows-DotNETRuntime", EventLevel.Informational, CollectKeyword), requestRundown: false, circularBufferMB: 1, CancellationToken.None);
        var drained = session.EventStream.CopyToAsync(Stream.Null);
        await session.StopAsync(CancellationToken.None);
        await drained;
    }

    // With a connection of its own, which is closed again before sockets are counted.
    private static async Task<int> TimersAsync(Uri http)
    {
        using var client = new HttpClient { BaseAddress = http };
        var metrics = await client.GetStringAsync("/metrics");
        return int.Parse(TimerCount().Match(metrics).Groups[1].Value, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"^dotnet_timer_count\S*?(?:\{[^}]*\})? (\d+)", RegexOptions.Multiline)]
    private static partial Regex TimerCount();
}
