using Microsoft.Extensions.Options;
using RunLogs.Host.Settings;

namespace RunLogs.Host.Tailing;

/// <summary>Runs the sources of a tail's logs and its pump side by side; all have ended when this returns.</summary>
/// <remarks>Of several logs, those that can be read go on without those that cannot.</remarks>
internal sealed class TailStreams(SourceChain chain, IOptions<RunLogsOptions> options, TimeProvider time)
{
    // What each of many logs may hold at least, so that one read brings more than a line.
    private const int LeastBufferBytes = 64 * 1024;

    public async Task<LogOutcome> RunAsync(
        TailPlan plan, bool singleLines, Func<ITailSource, TailPump> pumpFrom, CancellationToken reading, CancellationToken writing)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(reading);
        var (count, bytes) = (plan.Logs.Count, options.Value.Limits.ClientBufferBytes);
        var signal = count > 1 ? new TailSignal(time) : null;
        TailChannel[] channels = [.. Enumerable.Range(0, count).Select(log => new TailChannel(Math.Max(bytes / count, Math.Min(bytes, LeastBufferBytes)), log, signal))];
        using var merged = signal is null ? null : new MergedLogs(channels, [.. plan.Logs.Select(TailPlan.NameOf)], signal, time);
        using var single = singleLines ? new SingleLines(merged ?? (ITailSource)channels[0]) : null;
        Task<LogOutcome>[] sources = [.. channels.Select(channel => ReadAsync(plan, channel, stop.Token))];
        try
        {
            await pumpFrom(single ?? merged ?? (ITailSource)channels[0]).RunAsync(stop.Token, writing);
        }
        finally
        {
            await stop.CancelAsync();
            await ((Task)Task.WhenAll(sources)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Array.ForEach(channels, channel => channel.Drain());
        }

        return await OutcomeAsync(sources);
    }

    private async Task<LogOutcome> ReadAsync(TailPlan plan, TailChannel channel, CancellationToken cancellationToken)
    {
        try
        {
            var outcome = await chain.RunAsync(plan.Logs[channel.Log], plan.Sources, plan.PositionOf(channel.Log), channel, cancellationToken);
            channel.Complete(null);
            return outcome;
        }
        catch (Exception error)
        {
            channel.Complete(error);
            throw;
        }
    }

    // All have ended, and the pump has thrown what the client must be told: what failed here failed beside others.
    private static async Task<LogOutcome> OutcomeAsync(Task<LogOutcome>[] sources)
    {
        var ended = new List<LogOutcome>();
        var failures = new List<string>();
        foreach (var source in sources)
        {
            try
            {
                ended.Add(await source);
            }
            catch (TailFailedException failure) when (sources.Length > 1)
            {
                failures.Add(failure.Message);
            }
        }

        var outcome = LogOutcome.Of(ended);
        return failures.Count == 0 ? outcome : new LogOutcome(
            outcome.Reason,
            outcome.Completeness == Completeness.Truncated ? Completeness.Truncated : Completeness.Unknown,
            string.Join(" ", [.. failures.Distinct().Take(3), outcome.Why]).TrimEnd());
    }
}
