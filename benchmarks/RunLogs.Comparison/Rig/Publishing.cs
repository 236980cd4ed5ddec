using System.Diagnostics;

namespace RunLogs.Comparison.Rig;

/// <summary>Makes what is shipped of what lies here.</summary>
internal static class Publishing
{
    public static async Task RunAsync(string folder, CancellationToken cancellationToken)
    {
        var project = Path.Combine(Repository.Root, "host", "RunLogs.Host.csproj");
        await Console.Error.WriteLineAsync($"Publishing {project} ...");
        var start = new ProcessStartInfo("dotnet", ["publish", project, "-c", "Release", "-o", folder, "-v", "quiet"]) { RedirectStandardOutput = true };
        using var publish = Process.Start(start)!;
        var output = await publish.StandardOutput.ReadToEndAsync(cancellationToken);
        await publish.WaitForExitAsync(cancellationToken);
        if (publish.ExitCode != 0)
        {
            throw new InvalidOperationException($"The host could not be published:\n{output}");
        }
    }
}
