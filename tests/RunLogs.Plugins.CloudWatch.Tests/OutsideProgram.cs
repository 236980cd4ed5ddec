using System.Diagnostics;
using RunLogs.Testing.CloudWatch;

namespace RunLogs.Plugins.CloudWatch.Tests;

/// <summary>Programs of others that say whether the fake and the backend speak the service's protocol.</summary>
internal static class OutsideProgram
{
    // Debian's, whatever else is on the PATH.
    public const string Aws = "/usr/bin/aws";
    public const string Python = "/usr/bin/python3";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static string Clients { get; } = Path.GetFullPath("clients/aws", Path.Combine(AppContext.BaseDirectory, "../../../.."));

    /// <summary>Skips the test where something is missing, but not in CI.</summary>
    public static void Require(bool isThere, string what)
    {
        Assert.SkipUnless(isThere || Environment.GetEnvironmentVariable("CI") == "true", $"This test needs {what}.");
        Assert.True(isThere, $"This test needs {what}.");
    }

    public static void RequireAws() => Require(File.Exists(Aws), "Debian's awscli");

    public static void RequireNode() => Require(Directory.Exists(Path.Combine(Clients, "node_modules")), "Node, and npm ci in tests/clients/aws");

    public static async Task<string> RunAsync(string program, string[] arguments, string input = "", string secret = FakeCloudWatchLogs.SecretKey)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Clients };
        start.Environment["AWS_SECRET_ACCESS_KEY"] = secret;
        start.Environment["AWS_DEFAULT_REGION"] = FakeCloudWatchLogs.Region;
        start.Environment["AWS_PAGER"] = "";
        start.Environment["TZ"] = "UTC";
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
