using System.Text.RegularExpressions;
using Grpc.Core;
using RunLogs.Protos.Flyte.Dataproxy;
using RunLogs.Protos.Flyte.Logs.Dataplane;
using RunLogs.Testing.Kubernetes;

namespace RunLogs.EndToEnd.Tests;

/// <summary>Many tails whose API server goes away and comes back: they do not storm it.</summary>
public sealed partial class ComebackTests : IAsyncLifetime
{
    private const int Tails = 300;
    private const int MostInFlight = 64;
    private const int Nodes = 10;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly List<(FakePod Pod, AsyncServerStreamingCall<TailLogsResponse> Call)> _tails = [];
    private Rig _rig = null!;

    private FakeKubernetesApi Api => _rig.Api;

    public async ValueTask InitializeAsync() => _rig = await Rig.StartOverTlsAsync(
        $"RunLogs:Limits:MaxConcurrentStreams={Tails}", $"RunLogs:Limits:PerCaller={Tails}", "RunLogs:Retry:BeforeFirstLine=00:02:00", "Logging:LogLevel:RunLogs.Host.Tailing=Debug");

    public async ValueTask DisposeAsync()
    {
        _tails.ForEach(tail => tail.Call.Dispose());
        await _rig.DisposeAsync();
    }

    [Fact]
    public async Task Of_300_tails_at_most_64_requests_are_in_flight_one_asks_while_the_server_is_away_and_all_go_on()
    {
        // A latency that outlasts the arrival of the others: without a bound all 300 would be in flight.
        Api.Flights.Latency = TimeSpan.FromMilliseconds(500);
        await OpenAsync();
        await NextAsync("before\n");
        Assert.Equal(MostInFlight, Api.Flights.TakeMost());

        await Api.KillAsync();
        await using (var away = Api.BeAway())
        {
            AppendToAll("meanwhile");

            // As many as were in flight may find out for themselves; from then on it takes one for all.
            await away.ConnectionsAsync(2 * MostInFlight).WaitAsync(Patience, TestContext.Current.CancellationToken);
            away.Latency = TimeSpan.FromMilliseconds(500);
            await away.ConnectionsAsync(away.Connections + 2).WaitAsync(Patience, TestContext.Current.CancellationToken);
            away.TakeMost();
            var (connections, retries) = (away.Connections, Retries());
            await away.ConnectionsAsync(connections + 10).WaitAsync(Patience, TestContext.Current.CancellationToken);
            Assert.InRange((Retries() - retries) / (away.Connections - connections), Tails / 2, 2 * Tails);
            Assert.Equal(1, away.TakeMost());
        }

        Api.Flights.TakeMost();
        await Api.RestartAsync();
        await NextAsync("meanwhile\n");
        await Api.StreamsOpenAsync(Tails).WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Equal(MostInFlight, Api.Flights.TakeMost());

        Api.Flights.Latency = TimeSpan.Zero;
        AppendToAll("after");
        _tails.ForEach(tail => tail.Pod.Container("main").Terminate());
        var rest = await Task.WhenAll(_tails.Select(tail => tail.Call.ReadAllAsync())).WaitAsync(Patience, TestContext.Current.CancellationToken);

        Assert.All(rest, lines => Assert.Equal("after\n", Assert.Single(lines).Message));
    }

    private async Task OpenAsync()
    {
        var runs = await Task.WhenAll(Enumerable.Range(0, Tails).Select(_ => _rig.AddRunAsync()));
        foreach (var ((run, pod), i) in runs.Select((run, i) => (run, i)))
        {
            pod.Node = $"node-{i % Nodes}";
            pod.Container("main").Append("before");
            _tails.Add((pod, Tail.Open(_rig.Host, run)));
        }
    }

    private void AppendToAll(string text) => _tails.ForEach(tail => tail.Pod.Container("main").Append(text));

    private Task NextAsync(string text) => Task.WhenAll(_tails.Select(async tail =>
    {
        List<string> lines = [];
        while (lines.Count == 0)
        {
            Assert.True(await tail.Call.ResponseStream.MoveNext(TestContext.Current.CancellationToken).WaitAsync(Patience));
            lines.AddRange(tail.Call.ResponseStream.Current.Logs.SelectMany(logs => logs.Lines).Where(line => line.Originator != LogLineOriginator.System).Select(line => line.Message));
        }

        Assert.Equal(text, Assert.Single(lines));
    }));

    private int Retries() => Retried().Count(_rig.Host.Output);

    [GeneratedRegex(@"broke off for \S+ \(UNREACHABLE\): tried again")]
    private static partial Regex Retried();
}
