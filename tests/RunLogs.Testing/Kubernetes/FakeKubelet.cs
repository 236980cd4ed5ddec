namespace RunLogs.Testing.Kubernetes;

/// <summary>What the kubelets behind a <see cref="FakeKubernetesApi"/> do.</summary>
public enum FakeKubelet
{
    /// <summary>They answer.</summary>
    Running,

    /// <summary>Nobody listens where they should: the API server answers 500.</summary>
    Down,

    /// <summary>They are stopped: requests get no headers and streams stand still until they run again.</summary>
    Hung,

    /// <summary>They answer, but do not know their pods yet: 404 of the kind pods/log.</summary>
    JustStarted,
}
