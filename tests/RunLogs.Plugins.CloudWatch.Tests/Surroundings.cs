using System.Runtime.CompilerServices;
using RunLogs.Testing.CloudWatch;

namespace RunLogs.Plugins.CloudWatch.Tests;

/// <summary>The environment of this process: credentials of the fake, and nobody's own files.</summary>
internal static class Surroundings
{
    public static string Home { get; } = Directory.CreateTempSubdirectory("runlogs-cloudwatch-").FullName;

    /// <summary>The home that programs other than ours were installed for.</summary>
    public static string? UsersHome { get; private set; }

    /// <summary>Adds a profile to the user's AWS configuration.</summary>
    public static void AddProfile(string name, string accessKey, string secret, string? token)
    {
        lock (Home)
        {
            Directory.CreateDirectory(Path.Combine(Home, ".aws"));
            File.AppendAllText(Path.Combine(Home, ".aws", "credentials"),
                $"[{name}]\naws_access_key_id={accessKey}\naws_secret_access_key={secret}\n{(token is null ? "" : $"aws_session_token={token}\n")}\n");
        }
    }

    [ModuleInitializer]
    internal static void Set()
    {
        foreach (string name in Environment.GetEnvironmentVariables().Keys)
        {
            if (name.StartsWith("AWS_", StringComparison.Ordinal))
                Environment.SetEnvironmentVariable(name, null);
        }

        UsersHome = Environment.GetEnvironmentVariable("HOME");
        Environment.SetEnvironmentVariable("HOME", Home);
        Environment.SetEnvironmentVariable("AWS_EC2_METADATA_DISABLED", "true");
        Environment.SetEnvironmentVariable("AWS_ACCESS_KEY_ID", FakeCloudWatchLogs.AccessKey);
        Environment.SetEnvironmentVariable("AWS_SECRET_ACCESS_KEY", FakeCloudWatchLogs.SecretKey);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(Home, recursive: true);
    }
}
