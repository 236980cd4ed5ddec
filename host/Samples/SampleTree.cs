namespace RunLogs.Host.Samples;

/// <summary>A small tree of log files as a kubelet writes it, for trying things out without a cluster.</summary>
internal sealed class SampleTree(string root)
{
    /// <summary>The directory of the pods' directories.</summary>
    public string Root => root;

    /// <summary>The pods in it, with the attempts they ran.</summary>
    public IReadOnlyList<SamplePod> Pods { get; } = [SampleRuns.Finished, SampleRuns.Sidecars, SampleRuns.Following];

    /// <summary>Writes the files that are not there yet.</summary>
    public void Write()
    {
        foreach (var (pod, container, log) in SampleRuns.Logs())
        {
            var file = pod.LogFile(root, container);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            if (!File.Exists(file))
                File.WriteAllText(file, log);
        }
    }
}
