using System.Globalization;
using System.Text;
using System.Threading.Channels;
using Grpc.Core;
using RunLogs.Abstractions;
using RunLogs.Protos.Flyte.Logs.Dataplane;
using RunLogs.Testing;
using RunLogs.Testing.Kubernetes;

namespace RunLogs.EndToEnd.Tests;

/// <summary>A followed log while the API server and the kubelet are killed and restarted.</summary>
public sealed class FaultTests
{
    private const int Lines = 100_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly List<LogLine> _received = [];
    private readonly Channel<int> _more = Channel.CreateUnbounded<int>();

    // RUNLOGS_FAULTS=200 makes it the whole run.
    private static int Faults => int.TryParse(Environment.GetEnvironmentVariable("RUNLOGS_FAULTS"), CultureInfo.InvariantCulture, out var faults) ? faults : 8;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Faults_at_random_moments_lose_and_repeat_nothing(int seed)
    {
        TestContext.Current.SendDiagnosticMessage($"seed {seed}, {Faults} faults");
        var random = new Random(seed);
        var log = Log(random);
        var rig = new Rig();
        await using var _ = rig;
        await rig.InitializeAsync();
        var (run, pod) = await rig.AddRunAsync();
        var container = pod.Container("main");
        using var call = Tail.Open(rig.Host, run);
        var reading = ReadAsync(call);

        var written = 0;
        foreach (var moment in Enumerable.Range(0, Faults).Select(_ => random.Next(Lines)).Order())
        {
            var before = written;
            written = Math.Max(moment, written);
            container.Append(log[before..written]);
            await ReceivedAsync(random.Next(before, written + 1), reading);

            var during = Math.Min(Lines, written + random.Next(500));
            await FailAsync(rig.Api, random.Next(4), () => container.Append(log[written..during]));
            written = during;
        }

        container.Append(log[written..]);
        await ReceivedAsync(random.Next(Lines), reading);
        container.Terminate();
        await reading.WaitAsync(Patience, TestContext.Current.CancellationToken);

        Assert.Equal(log.Length, _received.Count);
        Assert.Equal(
            log.Select(line => (line.Timestamp.UnixSeconds, line.Timestamp.NanosecondOfSecond, Encoding.UTF8.GetString(line.Text.Span) + "\n")),
            _received.Select(line => (line.Timestamp.Seconds, line.Timestamp.Nanos, line.Message)));
    }

    private static async Task FailAsync(FakeKubernetesApi api, int fault, Action meanwhile)
    {
        switch (fault)
        {
            case 0:
                await api.KillAsync();
                meanwhile();
                await api.RestartAsync();
                break;
            case 1:
                api.KillKubelets();
                meanwhile();
                await api.LogRequestsAsync(api.LogRequests.Count + 2).WaitAsync(Patience, TestContext.Current.CancellationToken);
                api.Kubelet = FakeKubelet.JustStarted;
                await api.LogRequestsAsync(api.LogRequests.Count + 2).WaitAsync(Patience, TestContext.Current.CancellationToken);
                api.Kubelet = FakeKubelet.Running;
                break;
            case 2:
                api.EndStreamsAtOnce();
                meanwhile();
                break;
            default:
                api.CutStreams();
                meanwhile();
                break;
        }
    }

    private async Task ReadAsync(AsyncServerStreamingCall<Protos.Flyte.Dataproxy.TailLogsResponse> call)
    {
        await foreach (var response in call.ResponseStream.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            lock (_received)
            {
                _received.AddRange(response.Logs.SelectMany(logs => logs.Lines).Where(line => line.Originator != LogLineOriginator.System));
            }

            _more.Writer.TryWrite(_received.Count);
        }
    }

    // Ends when so many lines have come, and fails when none comes any more.
    private async Task ReceivedAsync(int count, Task reading)
    {
        while (true)
        {
            lock (_received)
            {
                if (_received.Count >= count)
                {
                    return;
                }
            }

            if (reading.IsCompleted)
            {
                await reading;
                Assert.Fail("The tail ended although its container runs.");
            }

            await _more.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience, TestContext.Current.CancellationToken);
        }
    }

    // Equal times, equal texts, and times that go back by milliseconds.
    private static WrittenLine[] Log(Random random)
    {
        var now = 1_763_800_000L * LogTimestamp.NanosecondsPerSecond;
        var lines = new WrittenLine[Lines];
        for (var i = 0; i < Lines; i++)
        {
            now += random.Next(4) == 0 ? 0 : random.Next(400_000);
            var jitter = random.Next(50) == 0 ? random.Next(4_500_000) : 0;
            lines[i] = new WrittenLine(new LogTimestamp(now - jitter), Encoding.UTF8.GetBytes(random.Next(5) == 0 ? "the same" : $"line {i}"));
        }

        return lines;
    }
}
