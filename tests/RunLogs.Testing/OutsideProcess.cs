using System.Diagnostics;

namespace RunLogs.Testing;

/// <summary>Programs of others that say whether a fake and a backend speak a service's protocol.</summary>
public static class OutsideProcess
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Skips the test where something is missing, but not in CI.</summary>
    public static void Require(bool isThere, string what)
    {
        Assert.SkipUnless(isThere || Environment.GetEnvironmentVariable("CI") == "true", $"This test needs {what}.");
        Assert.True(isThere, $"This test needs {what}.");
    }

    /// <summary>A folder of tests/clients.</summary>
    public static string Clients(string name) => Path.GetFullPath($"clients/{name}", Path.Combine(AppContext.BaseDirectory, "../../../.."));

    /// <summary>Runs a program to its end and returns what it wrote.</summary>
    public static async Task<string> RunAsync(string program, string[] arguments, string directory, IReadOnlyDictionary<string, string> environment, string input = "")
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = directory };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        try
        {
            await process.WaitForExitAsync().WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            process.Kill();
            throw;
        }

        Assert.True(process.ExitCode == 0, $"{program} ended with {process.ExitCode}: {await errors}");
        return await output;
    }
}
