namespace RunLogs.Testing.Stackdriver;

/// <summary>Where a cluster's entries come from.</summary>
public sealed record GkeCluster(string ProjectId = "my-project-123456", string Location = "europe-west3", string ClusterName = "my-gke-cluster");
