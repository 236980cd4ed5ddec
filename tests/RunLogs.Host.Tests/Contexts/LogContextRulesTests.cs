using Google.Protobuf.WellKnownTypes;
using RunLogs.Host.Contexts;
using RunLogs.Protos.Flyte.Common;
using RunLogs.Protos.Flyte.Core;
using RunLogs.Protos.V1;

namespace RunLogs.Host.Tests.Contexts;

public sealed class LogContextRulesTests
{
    private static readonly string Long = new('x', 1 << 18);

    // What is done to a good record, and every fault that follows.
    private static readonly Dictionary<string, (Action<LogContextRecord> Spoil, string[] Faults)> Cases = new()
    {
        ["no action"] = (r => r.ActionId = null, ["record.action_id is required"]),
        ["no run"] = (r => r.ActionId.Run = null, ["record.action_id.run is required"]),
        ["empty ids"] = (r => r.ActionId = new ActionIdentifier { Run = new RunIdentifier() }, [
            "record.action_id.run.project is required",
            "record.action_id.run.domain is required",
            "record.action_id.run.name is required",
            "record.action_id.name is required",
        ]),
        ["paths in ids"] = (r => (r.ActionId.Run.Org, r.ActionId.Run.Project, r.ActionId.Run.Domain, r.ActionId.Run.Name) = ("a/b", "..", ".", "../../etc"), [
            "record.action_id.run.org \"a/b\" holds a slash, a backslash, a quote or a control character",
            "record.action_id.run.project \"..\" is not a name",
            "record.action_id.run.domain \".\" is not a name",
            "record.action_id.run.name \"../../etc\" holds a slash, a backslash, a quote or a control character",
        ]),
        ["quotes in ids"] = (r => (r.ActionId.Run.Project, r.ActionId.Run.Domain, r.ActionId.Run.Name, r.ActionId.Name) = ("a'b", "a\"b", "a\\b", "a`b"), [
            "record.action_id.run.project \"a'b\" holds a slash, a backslash, a quote or a control character",
            "record.action_id.run.domain \"a\\\"b\" holds a slash, a backslash, a quote or a control character",
            "record.action_id.run.name \"a\\\\b\" holds a slash, a backslash, a quote or a control character",
            "record.action_id.name \"a`b\" holds a slash, a backslash, a quote or a control character",
        ]),
        ["hidden characters in ids"] = (r => (r.ActionId.Run.Project, r.ActionId.Run.Domain, r.ActionId.Run.Name, r.ActionId.Name) = ("a\nb", "a\0", "\u001b[2J", "a\u202eb"), [
            "record.action_id.run.project \"a\\u000Ab\" holds a slash, a backslash, a quote or a control character",
            "record.action_id.run.domain \"a\\u0000\" holds a slash, a backslash, a quote or a control character",
            "record.action_id.run.name \"\\u001B[2J\" holds a slash, a backslash, a quote or a control character",
            "record.action_id.name \"a\\u202Eb\" holds a slash, a backslash, a quote or a control character",
        ]),
        ["an id of 64"] = (r => r.ActionId.Name = new string('a', 64), [$"record.action_id.name \"{new string('a', 64)}\" is longer than 63 characters"]),
        ["an id of 64 outside the first plane"] = (r => r.ActionId.Name = string.Concat(Enumerable.Repeat("🚀", 64)),
            [$"record.action_id.name \"{string.Concat(Enumerable.Repeat("🚀", 32))}…\" is longer than 63 characters"]),
        ["attempt 0"] = (r => r.Attempt = 0, ["record.attempt is 0; attempts count from 1"]),
        ["a cluster of blanks"] = (r => r.Cluster = "  ", ["record.cluster \"  \" is not a cluster's name"]),
        ["a cluster of a path"] = (r => r.Cluster = "../x", ["record.cluster \"../x\" is not a cluster's name"]),
        ["a cluster of a configuration key"] = (r => r.Cluster = "a:b", ["record.cluster \"a:b\" is not a cluster's name"]),
        ["an end before its start"] = (r => r.EndTime = Some.Time(99), ["record.end_time is before record.start_time"]),
        ["an end a nanosecond before its start"] = (r => r.EndTime = new Timestamp { Seconds = 100, Nanos = 4 }, ["record.end_time is before record.start_time"]),
        ["times out of range"] = (r => (r.StartTime, r.EndTime) = (new Timestamp { Seconds = long.MinValue }, new Timestamp { Seconds = 9223372037 }), [
            "record.start_time of -9223372036854775808 seconds and 0 nanoseconds is not a time between 1677-09-21 and 2262-04-11",
            "record.end_time of 9223372037 seconds and 0 nanoseconds is not a time between 1677-09-21 and 2262-04-11",
        ]),
        ["nanoseconds out of range"] = (r => (r.StartTime.Nanos, r.EndTime.Nanos) = (-1, 1_000_000_000), [
            "record.start_time of 100 seconds and -1 nanoseconds is not a time between 1677-09-21 and 2262-04-11",
            "record.end_time of 200 seconds and 1000000000 nanoseconds is not a time between 1677-09-21 and 2262-04-11",
        ]),
        ["no context"] = (r => (r.LogContext, _) = (null, Clear(r)), ["record.log_context is required"]),
        ["no pods"] = (r => (r.LogContext, _) = (new LogContext(), Clear(r)), ["record.log_context.pods is empty; without a connector there must be a pod"]),
        ["a connector without an endpoint"] = (r => r.LogContext.Connector = new ConnectorLogContext(), ["record.log_context.connector.endpoint \"\" is not an endpoint"]),
        ["a connector with a line end"] = (r => r.LogContext.Connector = new ConnectorLogContext { Endpoint = "a\r\nb" },
            ["record.log_context.connector.endpoint \"a\\u000D\\u000Ab\" is not an endpoint"]),
        ["1001 pods"] = (r => r.LogContext.Pods.Add(Enumerable.Range(0, 1000).Select(i => Some.Pod($"p{i}"))), ["record.log_context.pods has 1001 pods; at most 1000 are kept"]),
        ["a primary pod that is not there"] = (r => r.LogContext.PrimaryPodName = "x", ["record.log_context.primary_pod_name \"x\" names no pod of the context"]),
        ["a pod without names"] = (r => r.LogContext.Pods.Add(new PodLogContext()), [
            "record.log_context.pods[1].namespace is required",
            "record.log_context.pods[1].pod_name is required",
        ]),
        ["a pod with wrong names"] = (r => r.LogContext.Pods.Add(new PodLogContext { Namespace = "a.b", PodName = "a/b" }), [
            "record.log_context.pods[1].namespace \"a.b\" is not a Kubernetes name",
            "record.log_context.pods[1].pod_name \"a/b\" is not a Kubernetes name",
        ]),
        ["a pod twice"] = (r => r.LogContext.Pods.Add(Some.Pod("run1-a0-0")), ["record.log_context.pods[1].pod_name \"run1-a0-0\" is there twice"]),
        ["101 containers"] = (r => r.LogContext.Pods[0].InitContainers.Add(Enumerable.Range(0, 98).Select(i => new ContainerContext { ContainerName = $"c{i}" })),
            ["record.log_context.pods[0].containers are 101 with the init_containers; at most 100 are kept"]),
        ["a primary container that is not there"] = (r => r.LogContext.Pods[0].PrimaryContainerName = "x",
            ["record.log_context.pods[0].primary_container_name \"x\" names no container of the pod"]),
        ["a primary container that could not be there"] = (r => r.LogContext.Pods.Add(new PodLogContext { Namespace = "a", PodName = "b", PrimaryContainerName = "../x" }),
            ["record.log_context.pods[1].primary_container_name \"../x\" names no container of the pod"]),
        ["containers with wrong names"] = (r => (r.LogContext.Pods[0].Containers[1].ContainerName, r.LogContext.Pods[0].InitContainers[0].ContainerName) = ("A", ""), [
            "record.log_context.pods[0].containers[1].container_name \"A\" is not a Kubernetes name",
            "record.log_context.pods[0].init_containers[0].container_name is required",
        ]),
        ["a container twice"] = (r => r.LogContext.Pods[0].InitContainers[0].ContainerName = "main",
            ["record.log_context.pods[0].init_containers[0].container_name \"main\" is there twice"]),
        ["a container that ends first"] = (r => r.LogContext.Pods[0].Containers[0].Process.ContainerEndTime = Some.Time(1), [
            "record.log_context.pods[0].containers[0].process.container_end_time is before record.log_context.pods[0].containers[0].process.container_start_time",
        ]),
        ["a prefix with a line end"] = (r => r.LogContext.PodNamePrefixes.Add("a\n"), ["record.log_context.pod_name_prefixes \"a\\u000A\" begins no Kubernetes name"]),
        ["details of no pod"] = (r => r.Pods[0].PodName = "x", ["record.pods[0].pod_name \"x\" names no pod of the context"]),
        ["details twice"] = (r => r.Pods.Add(r.Pods[0].Clone()), ["record.pods[1].pod_name \"run1-a0-0\" is there twice"]),
        ["wrong details"] = (r => (r.Pods[0].Uid, r.Pods[0].NodeName) = ("../..", "node/1"), [
            "record.pods[0].uid \"../..\" is not a pod's UID",
            "record.pods[0].node_name \"node/1\" is not a Kubernetes name",
        ]),
        ["an id of a wrong container"] = (r => r.Pods[0].ContainerIds.Add("A", "containerd://1"), ["record.pods[0].container_ids[\"A\"] \"containerd://1\" is not a container's id"]),
        ["a container's id without an id"] = (r => r.Pods[0].ContainerIds["main"] = "containerd://", ["record.pods[0].container_ids[\"main\"] \"containerd://\" is not a container's id"]),
        ["a container's id of a path"] = (r => r.Pods[0].ContainerIds["main"] = "cri-o://../x", ["record.pods[0].container_ids[\"main\"] \"cri-o://../x\" is not a container's id"]),
        ["a label that is too long"] = (r => r.Pods[0].Labels["a"] = new string('b', 64), [$"record.pods[0].labels[\"a\"] \"{new string('b', 64)}\" is not a Kubernetes label"]),
        ["a label with a line end"] = (r => r.Pods[0].Labels["a\n"] = "b", ["record.pods[0].labels[\"a\\u000A\"] \"b\" is not a Kubernetes label"]),
        ["more than is kept"] = (r => r.Pods[0].Labels["a"] = Long, [$"record is {SizeWith("a", Long)} bytes long; at most 262144 are kept"]),
        ["several at once"] = (r => (r.ActionId.Run.Project, r.LogContext.PrimaryPodName, r.LogContext.Pods[0].PodName) = ("", "x", "a/b"), [
            "record.action_id.run.project is required",
            "record.log_context.primary_pod_name \"x\" names no pod of the context",
            "record.log_context.pods[0].pod_name \"a/b\" is not a Kubernetes name",
            "record.pods[0].pod_name \"run1-a0-0\" names no pod of the context",
        ]),
    };

    private static readonly Dictionary<string, Action<LogContextRecord>> Accepted = new()
    {
        ["as it is"] = _ => { },
        ["no org"] = r => r.ActionId.Run.Org = "",
        ["ids of 63 in any script"] = r => (r.ActionId.Run.Name, r.ActionId.Name) = (string.Concat(Enumerable.Repeat("🚀", 63)), "é日本 語.-_:"),
        ["no times"] = r => (r.StartTime, r.EndTime, r.LogContext.Pods[0].Containers[0].Process) = (null, null, null),
        ["not ended yet"] = r => (r.EndTime, r.LogContext.Pods[0].Containers[0].Process.ContainerEndTime) = (null, null),
        ["ended at once"] = r => r.EndTime = r.StartTime.Clone(),
        ["a connector only"] = r => (r.LogContext, _) = (new LogContext { Connector = new ConnectorLogContext { Endpoint = "dns:///spark.connectors:8000" } }, Clear(r)),
        ["no primary pod"] = r => r.LogContext.PrimaryPodName = "",
        ["no primary container"] = r => r.LogContext.Pods[0].PrimaryContainerName = "",
        ["a pending pod without containers"] = r => r.LogContext.Pods.Add(new PodLogContext { Namespace = "flyte", PodName = "pending", PrimaryContainerName = "main" }),
        ["a primary container among the init containers"] = r => r.LogContext.Pods[0].PrimaryContainerName = "init",
        ["long names"] = r => r.LogContext.Pods.Add(Some.Pod(string.Join('.', Enumerable.Repeat(new string('p', 62), 4)))),
        ["100 containers"] = r => r.LogContext.Pods[0].Containers.Add(Enumerable.Range(0, 97).Select(i => new ContainerContext { ContainerName = $"c{i}" })),
        ["1000 pods"] = r => r.LogContext.Pods.Add(Enumerable.Range(0, 999).Select(i => Some.Pod($"p{i}"))),
        ["a cluster in capitals"] = r => r.Cluster = "gke_Project-1_eu.west",
        ["no cluster"] = r => r.Cluster = "",
        ["no details"] = r => r.Pods.Clear(),
        ["an id without a scheme"] = r => r.Pods[0].ContainerIds["main"] = "4f0c9d",
        ["a label without a value"] = r => r.Pods[0].Labels["a"] = "",
    };

    public static TheoryData<string> Spoiled => [.. Cases.Keys];

    public static TheoryData<string> Good => [.. Accepted.Keys];

    [Theory]
    [MemberData(nameof(Spoiled))]
    public void Every_fault_is_named(string name)
    {
        var record = Some.Record();
        Cases[name].Spoil(record);

        Assert.Equal(Cases[name].Faults, LogContextRules.Check(record).Select(fault => fault.ToString()));
    }

    [Theory]
    [MemberData(nameof(Good))]
    public void A_good_record_has_no_fault(string name)
    {
        var record = Some.Record();
        Accepted[name](record);

        Assert.Empty(LogContextRules.Check(record));
    }

    [Theory]
    [InlineData("")]
    [InlineData("A")]
    [InlineData("a_b")]
    [InlineData("-a")]
    [InlineData("a-")]
    [InlineData(".a")]
    [InlineData("a.")]
    [InlineData("a..b")]
    [InlineData("a.-b")]
    [InlineData("..")]
    [InlineData("a b")]
    [InlineData("é")]
    [InlineData("a\n")]
    [InlineData("1234567890123456789012345678901234567890123456789012345678901234")]
    public void What_Kubernetes_refuses_as_a_name_is_refused(string name)
    {
        Assert.False(KubernetesNames.IsLabel(name));
        Assert.Equal(name.Length == 64, KubernetesNames.IsSubdomain(name));
    }

    [Fact]
    public void No_record_is_a_fault() => Assert.Equal("record is required", Assert.Single(LogContextRules.Check(null)).ToString());

    [Fact]
    public void A_message_of_endless_faults_is_cut_where_clients_can_take_it()
    {
        var record = Some.Record();
        record.LogContext.Pods[0].Containers.Add(Enumerable.Range(0, 97).Select(_ => new ContainerContext()));

        var e = Assert.Throws<ContextException>(() => ContextException.ThrowIfAny(LogContextRules.Check(record)));

        Assert.InRange(e.Message.Length, 1500, 2100);
        Assert.StartsWith("record.log_context.pods[0].containers[2].container_name is required; record.log_context.pods[0].containers[3]", e.Message, StringComparison.Ordinal);
        Assert.EndsWith(".container_name is required; and more", e.Message, StringComparison.Ordinal);
        Assert.Equal(e.Message, string.Join("; ", e.Faults) + "; and more");
    }

    [Theory]
    [InlineData("a", "\"a\"")]
    [InlineData("", "\"\"")]
    [InlineData("a\"\\b", "\"a\\\"\\\\b\"")]
    [InlineData("\u001b[31m\r\n\0\u2028\u200b", "\"\\u001B[31m\\u000D\\u000A\\u0000\\u2028\\u200B\"")]
    [InlineData("é日🚀", "\"é日🚀\"")]
    public void Values_are_quoted_so_that_nothing_in_them_acts(string value, string quoted) => Assert.Equal(quoted, Quoted.Of(value));

    [Fact]
    public void A_long_value_is_quoted_in_part_and_no_character_is_cut()
    {
        Assert.Equal($"\"{new string('a', 64)}…\"", Quoted.Of(new string('a', 1 << 20)));
        Assert.Equal($"\"{new string('a', 64)}\"", Quoted.Of(new string('a', 64)));
        Assert.Equal($"\"a{string.Concat(Enumerable.Repeat("🚀", 32))}…\"", Quoted.Of("a" + string.Concat(Enumerable.Repeat("🚀", 100))));
    }

    private static bool Clear(LogContextRecord record)
    {
        record.Pods.Clear();
        return true;
    }

    private static int SizeWith(string key, string value)
    {
        var record = Some.Record();
        record.Pods[0].Labels[key] = value;
        return record.CalculateSize();
    }
}
