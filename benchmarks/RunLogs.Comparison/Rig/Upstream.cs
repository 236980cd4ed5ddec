namespace RunLogs.Comparison.Rig;

/// <summary>Where logs are asked for.</summary>
/// <param name="Wire">What it is read over, as reports say it.</param>
/// <param name="Url">Of the API.</param>
/// <param name="KubeConfig">The file that leads there.</param>
internal sealed record Upstream(string Wire, Uri Url, string KubeConfig)
{
    /// <summary>Where a pod's log is.</summary>
    public Uri Log(string pod, bool follow = false) =>
        new(Url, $"api/v1/namespaces/{HostServer.Namespace}/pods/{pod}/log?container=main&timestamps=true{(follow ? "&follow=true" : "")}");
}
