using Google.Protobuf.WellKnownTypes;
using RunLogs.Abstractions;
using RunLogs.Testing.Stackdriver.Protos;
using LogEntry = RunLogs.Testing.Stackdriver.Protos.LogEntry;

namespace RunLogs.Testing.Stackdriver;

/// <summary>Makes entries as GKE's agent sends them.</summary>
public static class FakeEntry
{
    public const string Node = "gke-cluster-pool-1-2f6c7d1e-x1yz";

    /// <summary>An entry of a container without payload.</summary>
    public static LogEntry Of(GkeCluster cluster, SomeContainer container, LogTimestamp time, OutputStream stream, string insertId) => new()
    {
        LogName = $"projects/{cluster.ProjectId}/logs/{(stream == OutputStream.Stderr ? "stderr" : "stdout")}",
        InsertId = insertId,
        Timestamp = new Timestamp { Seconds = time.UnixSeconds, Nanos = time.NanosecondOfSecond },
        ReceiveTimestamp = new Timestamp { Seconds = time.UnixSeconds + 5 },
        Severity = stream == OutputStream.Stderr ? LogSeverity.Error : LogSeverity.Info,
        Resource = new MonitoredResource
        {
            Type = "k8s_container",
            Labels =
            {
                ["project_id"] = cluster.ProjectId,
                ["location"] = cluster.Location,
                ["cluster_name"] = cluster.ClusterName,
                ["namespace_name"] = container.Namespace,
                ["pod_name"] = container.Pod,
                ["container_name"] = container.Name,
            },
        },
        Labels = { ["compute.googleapis.com/resource_name"] = Node, ["k8s-pod/app"] = "example" },
    };

    public static long TimeOf(LogEntry entry) => (entry.Timestamp.Seconds * LogTimestamp.NanosecondsPerSecond) + entry.Timestamp.Nanos;
}
