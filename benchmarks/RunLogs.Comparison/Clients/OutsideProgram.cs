using System.Diagnostics;

namespace RunLogs.Comparison.Clients;

/// <summary>Runs programs of others.</summary>
internal static class OutsideProgram
{
    /// <summary>Whether one is on the PATH.</summary>
    public static bool IsThere(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(directory => File.Exists(Path.Combine(directory, program)));

    /// <summary>Starts one; no proxy stands between this machine and itself.</summary>
    public static Process Start(string program, IEnumerable<string> arguments, string home)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["HOME"] = home;
        foreach (var proxy in new[] { "HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "ALL_PROXY", "all_proxy" })
        {
            start.Environment.Remove(proxy);
        }

        return Process.Start(start)!;
    }

    /// <summary>Runs one to its end, which must be a good one, and returns what it wrote.</summary>
    public static async Task<string> RunAsync(string program, IEnumerable<string> arguments, string home, CancellationToken cancellationToken)
    {
        using var process = Start(program, arguments, home);
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await EndAsync(process, program, errors, cancellationToken);
        return output;
    }

    public static async Task EndAsync(Process process, string program, Task<string> errors, CancellationToken cancellationToken)
    {
        await process.WaitForExitAsync(cancellationToken);
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {await errors}");
        }
    }
}
