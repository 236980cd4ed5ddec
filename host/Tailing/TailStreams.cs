using Microsoft.Extensions.Options;
using RunLogs.Host.Settings;

namespace RunLogs.Host.Tailing;

/// <summary>Runs the sources of a tail's logs and its pump side by side: whichever fails first ends the others, and all have ended when this returns.</summary>
internal sealed class TailStreams(SourceChain chain, IOptions<RunLogsOptions> options)
{
    public async Task<LogOutcome> RunAsync(TailPlan plan, Func<ITailSource, TailPump> pumpFrom, CancellationToken reading, CancellationToken writing)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(reading);
        var channel = new TailChannel(options.Value.Limits.ClientBufferBytes);
        var source = ReadAsync(plan.Logs[0], plan.Sources, channel, stop.Token);
        try
        {
            await pumpFrom(channel).RunAsync(stop.Token, writing);
        }
        finally
        {
            await stop.CancelAsync();
            await ((Task)source).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            channel.Drain();
        }

        return await source;
    }

    private async Task<LogOutcome> ReadAsync(Abstractions.TailRequest log, SourceSelection sources, TailChannel channel, CancellationToken cancellationToken)
    {
        try
        {
            var outcome = await chain.RunAsync(log, sources, channel, cancellationToken);
            channel.Complete(null);
            return outcome;
        }
        catch (Exception error)
        {
            channel.Complete(error);
            throw;
        }
    }
}
