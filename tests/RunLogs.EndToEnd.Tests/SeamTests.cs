using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using RunLogs.Abstractions;
using RunLogs.EndToEnd.Tests.Seam;
using RunLogs.Protos.Flyte.Common;
using RunLogs.Protos.V1;
using RunLogs.Testing.Seam;

namespace RunLogs.EndToEnd.Tests;

/// <summary>One stream across sources: pods go while clients follow, and clients go while pods write.</summary>
[Collection(nameof(SeamTests))]
public sealed class SeamTests(TwoHosts hosts) : IClassFixture<TwoHosts>
{
    private const int ScriptsAtOnce = 3;

    private static readonly TimeSpan Lag = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(6);

    // RUNLOGS_SEAM_SEEDS=200 RUNLOGS_SEAM_LINES=200000 RUNLOGS_SEAM_CLIENTS=20 makes it the full run.
    private static int Clients => Number("RUNLOGS_SEAM_CLIENTS", 5);

    // RUNLOGS_SEAM_FROM=17 RUNLOGS_SEAM_SEEDS=1 repeats what failed.
    private static int FirstSeed => Number("RUNLOGS_SEAM_FROM", 1);

    [Fact]
    public Task Every_client_gets_all_that_was_written_and_nothing_twice() => PlayAsync(hosts, seeds: 3);

    /// <summary>Plays so many scripts, or as many as the environment says, to hosts with any archive.</summary>
    internal static async Task PlayAsync(TwoHosts hosts, int seeds, int lines = 20_000)
    {
        (seeds, lines) = (Number("RUNLOGS_SEAM_SEEDS", seeds), Number("RUNLOGS_SEAM_LINES", lines));
        TestContext.Current.SendDiagnosticMessage($"{seeds} seeds from {FirstSeed}, {lines} lines, {Clients} clients");

        await Parallel.ForEachAsync(
            Enumerable.Range(FirstSeed, seeds),
            new ParallelOptions { MaxDegreeOfParallelism = ScriptsAtOnce, CancellationToken = TestContext.Current.CancellationToken },
            async (seed, cancellationToken) => await PlayAsync(hosts, seed, lines, cancellationToken));
    }

    private static async Task PlayAsync(TwoHosts hosts, int seed, int lines, CancellationToken cancellationToken)
    {
        var (run, pod) = await hosts.AddRunAsync();
        var script = SeamScript.Draw(seed, lines, LogTimestamp.From(TimeProvider.System.GetUtcNow()), Duration, Lag, hosts.KeepsWrittenOrder);
        var container = pod.Container("main");
        container.WaitToStart();
        container.Restart(script.Start);
        var written = new WrittenLog(script);
        var writer = new TwoSourceWriter(script, pod, "main", hosts.ArchiveOf(pod, "main"));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(60) + (TimeSpan.FromMilliseconds(0.05) * lines * Clients));

        var writing = writer.RunAsync(limit.Token);
        var reading = Enumerable.Range(0, Clients).Select(i => ReadAsync(hosts, i, script, run, pod.Name, written, writer, limit.Token)).Append(writing).ToList();
        await foreach (var done in Task.WhenEach(reading).WithCancellation(CancellationToken.None))
        {
            // The first failure is the one that tells: the others go down with it.
            if (!done.IsCompletedSuccessfully)
            {
                await limit.CancelAsync();
                await Task.WhenAll(reading.Select(task => task.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default)));
                Assert.True(writer.LongestSilence < TwoHosts.QuietPeriod, $"seed {seed}: this machine is too slow for the test: the archive got nothing for {writer.LongestSilence}");
                await done;
            }
        }
    }

    // Of every five: one stays, one leaves, one uses Flyte's service, two use HTTP. Half of those that leave enter the log in its middle.
    private static async Task ReadAsync(TwoHosts hosts, int client, SeamScript script, string run, string pod, WrittenLog written, TwoSourceWriter writer, CancellationToken cancellationToken)
    {
        var random = new Random((script.Seed * 1000) + client);
        var byName = new TailLogsRequest { Pod = new PodRef { Namespace = "flyte", Name = pod } };
        var byAttempt = new TailLogsRequest { Attempt = new ActionAttemptIdentifier { ActionId = Rig.Action(run), Attempt = 1 } };
        if (!hosts.FindsOnlyContainer)
        {
            byName.Containers.Add("main");
        }

        var (name, leaves) = ($"client {client}", random.Next(2, 8));
        SeamClient reader = (client % 5) switch
        {
            0 => new LogServiceClient(hosts, byAttempt, new ReceivedLog(written, $"{name} (LogService, stays)"), random, 0, script.Lines.Count),
            1 when client % 10 == 1 => Entering(hosts, script, byName, name, random, leaves),
            1 => new LogServiceClient(hosts, client % 2 == 0 ? byAttempt : byName, new ReceivedLog(written, $"{name} (LogService, leaves)"), random, leaves, script.Lines.Count),
            2 => new FlyteClient(hosts, run, new ReceivedLog(written, $"{name} (Flyte)"), random, script.Lines.Count),
            3 => new EventStreamClient(hosts, run, new ReceivedLog(written, $"{name} (events, leaves)"), random, leaves, script.Lines.Count),
            _ => new NdjsonClient(hosts, run, new ReceivedLog(written, $"{name} (JSON lines)"), random, script.Lines.Count),
        };

        // Most are there from the start; some come when the pod may be gone.
        if (random.Next(4) == 0)
        {
            await Task.Delay(Duration * random.NextDouble(), TimeProvider.System, cancellationToken);
        }

        await reader.RunAsync(writer.ArchiveBegun, cancellationToken);
    }

    // What was delivered cannot be counted from a second's beginning then: the place is found by the lines themselves. Archives have milliseconds.
    private static LogServiceClient Entering(TwoHosts hosts, SeamScript script, TailLogsRequest target, string name, Random random, int leaves)
    {
        var since = new LogTimestamp(((script.Start.UnixNanoseconds / 1_000_000) + random.Next(1, 1000)) * 1_000_000);
        target.Since = Timestamp.FromDateTimeOffset(since.ToDateTimeOffset());
        return new LogServiceClient(hosts, target, new ReceivedLog(new WrittenLog(script, since), $"{name} (LogService, enters and leaves)"), random, leaves, script.Lines.Count);
    }

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
