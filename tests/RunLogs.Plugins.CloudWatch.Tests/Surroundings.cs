using System.Runtime.CompilerServices;
using RunLogs.Testing.CloudWatch;

namespace RunLogs.Plugins.CloudWatch.Tests;

/// <summary>The environment of this process: credentials of the fake, and nobody's own files.</summary>
internal static class Surroundings
{
    public static string Home { get; } = Directory.CreateTempSubdirectory("runlogs-cloudwatch-").FullName;

    [ModuleInitializer]
    internal static void Set()
    {
        foreach (string name in Environment.GetEnvironmentVariables().Keys)
        {
            if (name.StartsWith("AWS_", StringComparison.Ordinal))
                Environment.SetEnvironmentVariable(name, null);
        }

        Environment.SetEnvironmentVariable("HOME", Home);
        Environment.SetEnvironmentVariable("AWS_EC2_METADATA_DISABLED", "true");
        Environment.SetEnvironmentVariable("AWS_ACCESS_KEY_ID", FakeCloudWatchLogs.AccessKey);
        Environment.SetEnvironmentVariable("AWS_SECRET_ACCESS_KEY", FakeCloudWatchLogs.SecretKey);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(Home, recursive: true);
    }
}
