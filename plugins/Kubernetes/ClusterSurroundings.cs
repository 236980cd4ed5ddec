using k8s;

namespace RunLogs.Plugins.Kubernetes;

/// <summary>Where a cluster's configuration may be found when no setting names it.</summary>
internal sealed class ClusterSurroundings
{
    /// <summary>Whether this process runs in a pod with a service account.</summary>
    public bool InCluster { get; init; }

    /// <summary>The files that KUBECONFIG names.</summary>
    public IReadOnlyList<string> KubeConfigVariable { get; init; } = [];

    /// <summary>The kubeconfig of the user this process runs as.</summary>
    public string KubeConfigOfUser { get; init; } = "";

    public static ClusterSurroundings Read() => new()
    {
        InCluster = KubernetesClientConfiguration.IsInCluster(),
        KubeConfigVariable = (Environment.GetEnvironmentVariable("KUBECONFIG") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries),
        KubeConfigOfUser = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".kube", "config"),
    };
}
