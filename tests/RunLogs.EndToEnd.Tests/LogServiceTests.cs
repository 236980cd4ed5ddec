using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using RunLogs.Abstractions;
using RunLogs.Protos.Flyte.Core;
using RunLogs.Protos.Flyte.Logs.Dataplane;
using RunLogs.Protos.V1;

namespace RunLogs.EndToEnd.Tests;

/// <summary>Every field of <c>LogService</c>'s request.</summary>
public sealed class LogServiceTests(Rig rig) : IClassFixture<Rig>
{
    private static readonly LogTimestamp Start = LogTimestamp.FromUnixSeconds(1_763_000_000);

    [Fact]
    public async Task An_attempt_or_its_pod_give_the_same_log_with_container_source_backend_and_cursor()
    {
        var (run, pod) = await AddAsync("one", "two");
        foreach (var request in new[] { LogServiceTail.Of(run), LogServiceTail.Of(run, 0), LogServiceTail.Of(run, 1, "main"), Pod(pod.Name), Pod(pod.Name, "main") })
        {
            using var tail = await LogServiceTail.ReadAsync(rig.Host, request);

            Assert.Equal(["one", "two"], tail.Texts);
            var (container, source, backend) = tail.Origins[0];
            Assert.Equal(
                new ContainerIdentifier { ClusterName = "default", KubernetesNamespace = "flyte", KubernetesPodName = pod.Name, KubernetesContainerName = "main" }, container);
            Assert.Equal((LogLineSource.Live, "Kubernetes"), (source, backend));
            Assert.Equal((Closing.Types.EndReason.ContainerEnded, Closing.Types.Completeness.Complete), tail.AssertClosed() is var closing ? (closing.EndReason, closing.Completeness) : default);
            Assert.Equal(tail.Cursor, tail.Trailers.GetValue("runlogs-cursor"));
        }
    }

    [Fact]
    public async Task A_pod_is_refused_by_another_uid_and_by_several_containers()
    {
        var (_, pod) = await AddAsync("one");
        var request = Pod(pod.Name);
        request.Pod.Uid = pod.Uid;
        using (var same = await LogServiceTail.ReadAsync(rig.Host, request))
        {
            Assert.Equal(["one"], same.Texts);
        }

        request.Pod.Uid = "00000000-0000-4000-8000-000000000000";
        Assert.Equal(StatusCode.NotFound, (await FailAsync(request)).StatusCode);
        pod.Container("sidecar");
        var several = await FailAsync(Pod(pod.Name));

        Assert.Equal(StatusCode.InvalidArgument, several.StatusCode);
        Assert.Contains("choose one of: [main sidecar]", several.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pod_only_the_archive_has_is_found_by_its_name()
    {
        await rig.WriteFilesAsync("archived", [new Testing.WrittenLine(Start, "one"u8.ToArray())]);
        var request = Pod("archived");
        request.Follow = Follow.Never;

        using var tail = await LogServiceTail.ReadAsync(rig.Host, request);

        Assert.Equal(["one"], tail.Texts);
        Assert.Equal(("main", LogLineSource.Persisted, "Files"), (tail.Origins[0].Container.KubernetesContainerName, tail.Origins[0].Source, tail.Origins[0].Backend));
    }

    [Fact]
    public async Task Since_until_tail_and_follow_cut_the_log()
    {
        var (run, pod) = await rig.AddRunAsync();
        for (var i = 0; i < 10; i++)
        {
            pod.Container("main").Append(Start.Add(TimeSpan.FromSeconds(i)), $"{i}");
        }

        var request = LogServiceTail.Of(run);
        (request.Since, request.Until, request.Follow) = (At(2), At(8), Follow.Never);
        using var between = await LogServiceTail.ReadAsync(rig.Host, request);
        request.Tail = 2;
        using var last = await LogServiceTail.ReadAsync(rig.Host, request);
        request.Tail = 0;
        using var none = await LogServiceTail.ReadAsync(rig.Host, request);

        Assert.Equal(["2", "3", "4", "5", "6", "7"], between.Texts);
        Assert.Equal(Closing.Types.EndReason.AsFarAsAsked, between.AssertClosed().EndReason);
        Assert.Equal(["6", "7"], last.Texts);
        Assert.Empty(none.Texts);
        none.AssertClosed();
    }

    [Fact]
    public async Task Init_containers_sidecars_and_the_previous_instance_are_chosen_by_name()
    {
        var (run, pod) = await rig.AddRunAsync();
        pod.RestartPolicy = "OnFailure";
        pod.InitContainer("init").Append(Start, "prepared");
        pod.InitContainer("init").Terminate();
        pod.Container("main").Append(Start.Add(TimeSpan.FromSeconds(1)), "first");
        pod.Container("main").Restart();
        pod.Container("main").Append(Start.Add(TimeSpan.FromSeconds(9)), "second");
        pod.Container("main").Terminate();
        await SixPods.PutAsync(rig.Host, run, new PodLogContext
        {
            Namespace = "flyte",
            PodName = pod.Name,
            PrimaryContainerName = "main",
            Containers = { new ContainerContext { ContainerName = "main" } },
            InitContainers = { new ContainerContext { ContainerName = "init" } },
        });
        var previous = LogServiceTail.Of(run);
        previous.Previous = true;

        using var init = await LogServiceTail.ReadAsync(rig.Host, LogServiceTail.Of(run, 1, "init"));
        using var both = await LogServiceTail.ReadAsync(rig.Host, LogServiceTail.Of(run, 1, "main", "init"));
        using var before = await LogServiceTail.ReadAsync(rig.Host, previous);

        Assert.Equal(["prepared"], init.Texts);
        Assert.Equal(["prepared", "second"], both.Texts);
        Assert.Equal(["init", "main"], both.Origins.Select(origin => origin.Container.KubernetesContainerName));
        Assert.Equal(["first"], before.Texts);
        Assert.Equal((StatusCode.NotFound, $"container \"nope\" not found in pod {pod.Name}"), await FailAsync(LogServiceTail.Of(run, 1, "nope")) is var e ? (e.StatusCode, e.Status.Detail) : default);
    }

    [Fact]
    public async Task All_pods_of_an_attempt_are_merged_by_time()
    {
        var (run, pods) = await SixPods.AddAsync(rig, lines: 50, terminate: true);
        var request = LogServiceTail.Of(run);
        request.AllPods = true;

        using var tail = await LogServiceTail.ReadAsync(rig.Host, request);

        Assert.Equal(Enumerable.Range(0, 300).Select(i => $"{pods[i % 6].Name} {i / 6}"), tail.Texts);
        Assert.Equal(Closing.Types.Completeness.Complete, tail.AssertClosed().Completeness);
    }

    [Fact]
    public async Task One_of_several_containers_that_cannot_be_read_does_not_end_the_others()
    {
        var (run, pods) = await SixPods.AddAsync(rig, lines: 3, terminate: true);
        rig.Api.DeletePod(pods[4]);
        var request = LogServiceTail.Of(run);
        request.AllPods = true;

        using var tail = await LogServiceTail.ReadAsync(rig.Host, request);

        Assert.Equal(15, tail.Texts.Count);
        var notice = Assert.Single(tail.Notices);
        Assert.Equal((Notice.Types.Kind.SourceFailed, pods[4].Name), (notice.Kind, notice.Container.KubernetesPodName));
        Assert.Contains($"flyte/{pods[4].Name}/main", notice.Message, StringComparison.Ordinal);
        Assert.Equal(Closing.Types.Completeness.Unknown, tail.AssertClosed().Completeness);
    }

    [Theory]
    [InlineData(LogsSource.LiveOnly, "Kubernetes")]
    [InlineData(LogsSource.PersistedOnly, "Files")]
    [InlineData(LogsSource.LiveOrPersisted, "Kubernetes")]
    public async Task The_source_says_which_backends_are_asked(LogsSource source, string backend)
    {
        var (run, pod) = await AddAsync("one");
        await rig.WriteFilesAsync(pod.Name, [new Testing.WrittenLine(Start, "one"u8.ToArray())]);
        var request = LogServiceTail.Of(run);
        (request.Source, request.Follow) = (source, Follow.Never);

        using var tail = await LogServiceTail.ReadAsync(rig.Host, request);

        Assert.Equal(backend, Assert.Single(tail.Origins).Backend);
    }

    [Fact]
    public async Task Only_lines_that_match_are_sent_and_counted()
    {
        var (run, _) = await AddAsync("an error", "fine", "größer Error 12", "fine again");
        var (contains, regex) = (LogServiceTail.Of(run), LogServiceTail.Of(run));
        (contains.Contains, regex.Regex) = ("fine", @"(?i)error( \d+)?$");

        using var fine = await LogServiceTail.ReadAsync(rig.Host, contains);
        using var errors = await LogServiceTail.ReadAsync(rig.Host, regex);

        Assert.Equal(["fine", "fine again"], fine.Texts);
        Assert.Equal(["an error", "größer Error 12"], errors.Texts);
        fine.AssertClosed();
        errors.AssertClosed();
    }

    [Fact]
    public async Task Every_fault_of_a_request_is_told_at_once()
    {
        var request = new TailLogsRequest
        {
            Pod = new PodRef { Namespace = "No", Name = "../x", Uid = "?", Cluster = "/" },
            Containers = { "UPPER", "main", "main" },
            AllPods = true,
            Since = new Timestamp { Seconds = 20 },
            Until = new Timestamp { Seconds = 10 },
            Tail = ulong.MaxValue,
            Follow = (Follow)7,
            Source = (LogsSource)9,
            Regex = "(",
            Cursor = "abc",
        };

        var failure = await FailAsync(request);

        Assert.Equal(StatusCode.InvalidArgument, failure.StatusCode);
        string[] fields = ["pod.cluster", "pod.namespace", "pod.name", "pod.uid", "all_pods", "containers[0]", "containers[2]", "until is before since", "tail", "follow is 7", "source is 9", "regex", "cursor"];
        Assert.All(fields, field => Assert.Contains(field, failure.Status.Detail, StringComparison.Ordinal));
        Assert.StartsWith("target is required", (await FailAsync(new TailLogsRequest())).Status.Detail, StringComparison.Ordinal);
        var many = LogServiceTail.Of("r", 1, [.. Enumerable.Range(0, 101).Select(i => $"c{i}")]);
        Assert.Contains("at most 100", (await FailAsync(many)).Status.Detail, StringComparison.Ordinal);
    }

    internal static TailLogsRequest Pod(string name, params string[] containers) => new() { Pod = new PodRef { Namespace = "flyte", Name = name }, Containers = { containers } };

    private static Timestamp At(int second) => new() { Seconds = Start.UnixSeconds + second };

    private async Task<(string Run, Testing.Kubernetes.FakePod Pod)> AddAsync(params string[] lines)
    {
        var (run, pod) = await rig.AddRunAsync();
        for (var i = 0; i < lines.Length; i++)
        {
            pod.Container("main").Append(Start.Add(TimeSpan.FromMilliseconds(i)), lines[i]);
        }

        pod.Container("main").Terminate();
        return (run, pod);
    }

    private async Task<RpcException> FailAsync(TailLogsRequest request)
    {
        using var tail = LogServiceTail.Open(rig.Host, request);
        return await Assert.ThrowsAsync<RpcException>(tail.ReadToEndAsync);
    }
}
