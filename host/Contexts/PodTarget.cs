namespace RunLogs.Host.Contexts;

/// <summary>A pod named directly.</summary>
/// <param name="Cluster">Its cluster; empty for the default one.</param>
/// <param name="Namespace">Its namespace.</param>
/// <param name="Name">Its name.</param>
/// <param name="Uid">Its UID, which refuses another pod of the same name; empty where it does not matter.</param>
internal sealed record PodTarget(string Cluster, string Namespace, string Name, string Uid)
{
    public IEnumerable<ContextFault> Check(string field)
    {
        if (Cluster.Length > 0 && !KubernetesNames.IsLabelLike(Cluster))
        {
            yield return new ContextFault($"{field}.cluster", $"{Quoted.Of(Cluster)} is not a cluster's name");
        }

        if (!KubernetesNames.IsLabel(Namespace))
        {
            yield return new ContextFault($"{field}.namespace", Namespace.Length == 0 ? "is required" : $"{Quoted.Of(Namespace)} is not a Kubernetes name");
        }

        if (!KubernetesNames.IsSubdomain(Name))
        {
            yield return new ContextFault($"{field}.name", Name.Length == 0 ? "is required" : $"{Quoted.Of(Name)} is not a Kubernetes name");
        }

        if (Uid.Length > 0 && !KubernetesNames.IsLabelLike(Uid))
        {
            yield return new ContextFault($"{field}.uid", $"{Quoted.Of(Uid)} is not a pod's UID");
        }
    }
}
