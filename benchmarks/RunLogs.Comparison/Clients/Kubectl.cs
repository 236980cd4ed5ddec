using RunLogs.Comparison.Rig;

namespace RunLogs.Comparison.Clients;

/// <summary>kubectl on the same API.</summary>
internal sealed class Kubectl(Upstream upstream, string home)
{
    public const string Program = "kubectl";

    /// <summary>Reads a log and throws it away, as fast as it can.</summary>
    public Task DiscardAsync(string pod, CancellationToken cancellationToken) =>
        OutsideProgram.RunAsync("sh", ["-c", "exec \"$@\" > /dev/null", "sh", Program, .. Arguments(pod)], home, cancellationToken);

    /// <summary>Reads a log and looks at every line.</summary>
    public async Task CheckAsync(ExpectedLog expected, CancellationToken cancellationToken)
    {
        using var kubectl = OutsideProgram.Start(Program, Arguments(expected.Pod), home);
        var errors = kubectl.StandardError.ReadToEndAsync(cancellationToken);
        var (lines, hash) = await RawLines.ReadAsync(kubectl.StandardOutput.BaseStream, cancellationToken);
        await OutsideProgram.EndAsync(kubectl, Program, errors, cancellationToken);
        expected.Check("kubectl", lines, hash);
    }

    /// <summary>How long it takes from its start to its first byte.</summary>
    public async Task<TimeSpan> FirstByteAsync(string pod, CancellationToken cancellationToken)
    {
        var began = TimeProvider.System.GetTimestamp();
        using var kubectl = OutsideProgram.Start(Program, Arguments(pod), home);
        var errors = kubectl.StandardError.ReadToEndAsync(cancellationToken);
        await kubectl.StandardOutput.BaseStream.ReadExactlyAsync(new byte[1], cancellationToken);
        var taken = TimeProvider.System.GetElapsedTime(began);
        await kubectl.StandardOutput.ReadToEndAsync(cancellationToken);
        await OutsideProgram.EndAsync(kubectl, Program, errors, cancellationToken);
        return taken;
    }

    private string[] Arguments(string pod) => ["--kubeconfig", upstream.KubeConfig, "-n", HostServer.Namespace, "logs", pod, "--timestamps"];
}
