using System.Diagnostics;

namespace RunLogs.Testing.Kubernetes;

/// <summary>The real kubectl against a <see cref="FakeKubernetesApi"/>.</summary>
public sealed class Kubectl : IDisposable
{
    private const string Program = "kubectl";
    private readonly Process _process;
    private readonly Task<string> _errors;

    private Kubectl(FakeKubernetesApi api, string[] arguments)
    {
        var start = new ProcessStartInfo(Program, ["--kubeconfig", api.KubeConfigPath, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["HOME"] = api.ScratchDirectory;
        start.Environment.Remove("HTTPS_PROXY");
        start.Environment.Remove("HTTP_PROXY");
        _process = Process.Start(start)!;
        _errors = _process.StandardError.ReadToEndAsync();
    }

    /// <summary>What it prints, while it prints it.</summary>
    public StreamReader Output => _process.StandardOutput;

    /// <summary>Skips the test where kubectl is missing, but not in CI.</summary>
    public static void Require()
    {
        var directories = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        var isThere = Array.Exists(directories, directory => File.Exists(Path.Combine(directory, Program)));
        Assert.SkipUnless(isThere || Environment.GetEnvironmentVariable("CI") == "true", "This test needs kubectl (Debian: kubernetes-client) on the PATH.");
        Assert.True(isThere, "kubectl is missing: install Debian's kubernetes-client.");
    }

    public static Kubectl Start(FakeKubernetesApi api, params string[] arguments) => new(api, arguments);

    public static async Task<(string Output, string Errors, int ExitCode)> RunAsync(FakeKubernetesApi api, params string[] arguments)
    {
        using var kubectl = Start(api, arguments);
        return await kubectl.EndAsync();
    }

    /// <summary>The rest of what it prints, and its end.</summary>
    public async Task<(string Output, string Errors, int ExitCode)> EndAsync()
    {
        var output = await Output.ReadToEndAsync().WaitAsync(FakeNode.Patience);
        await _process.WaitForExitAsync().WaitAsync(FakeNode.Patience);
        return (output, await _errors.WaitAsync(FakeNode.Patience), _process.ExitCode);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();

        _process.Dispose();
    }
}
