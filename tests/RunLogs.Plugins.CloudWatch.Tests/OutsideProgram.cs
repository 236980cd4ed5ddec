using RunLogs.Testing;
using RunLogs.Testing.CloudWatch;

namespace RunLogs.Plugins.CloudWatch.Tests;

/// <summary>Programs of others that say whether the fake and the backend speak the service's protocol.</summary>
internal static class OutsideProgram
{
    // Debian's, whatever else is on the PATH.
    public const string Aws = "/usr/bin/aws";
    public const string Python = "/usr/bin/python3";

    public static string Clients { get; } = OutsideProcess.Clients("aws");

    /// <summary>Skips the test where something is missing, but not in CI.</summary>
    public static void Require(bool isThere, string what) => OutsideProcess.Require(isThere, what);

    public static void RequireAws() => Require(File.Exists(Aws), "Debian's awscli");

    public static void RequireNode() => Require(Directory.Exists(Path.Combine(Clients, "node_modules")), "Node, and npm ci in tests/clients/aws");

    public static Task<string> RunAsync(string program, string[] arguments, string input = "", string secret = FakeCloudWatchLogs.SecretKey) => OutsideProcess.RunAsync(program, arguments, Clients, new Dictionary<string, string>
    {
        ["AWS_SECRET_ACCESS_KEY"] = secret,
        ["AWS_DEFAULT_REGION"] = FakeCloudWatchLogs.Region,
        ["AWS_PAGER"] = "",
        ["TZ"] = "UTC",
    }, input);
}
