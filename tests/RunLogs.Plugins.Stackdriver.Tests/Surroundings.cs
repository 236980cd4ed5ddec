using RunLogs.Plugins.Stackdriver.Tests;
using RunLogs.Testing.Stackdriver;

[assembly: AssemblyFixture(typeof(Surroundings))]

namespace RunLogs.Plugins.Stackdriver.Tests;

/// <summary>The environment of this process: a service account whose tokens a fake gives out, and nobody's own files.</summary>
public sealed class Surroundings : IAsyncLifetime
{
    public const string CredentialsFile = "GOOGLE_APPLICATION_CREDENTIALS";

    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("runlogs-stackdriver-");
    private FakeLoggingService? _tokens;

    public async ValueTask InitializeAsync()
    {
        foreach (string name in Environment.GetEnvironmentVariables().Keys)
        {
            if (name.StartsWith("GOOGLE_", StringComparison.Ordinal) || name.StartsWith("GCE_", StringComparison.Ordinal) || name.StartsWith("CLOUDSDK_", StringComparison.Ordinal))
                Environment.SetEnvironmentVariable(name, null);
        }

        _tokens = await FakeLoggingService.StartAsync(TimeProvider.System);
        var file = Path.Combine(_home.FullName, "key.json");
        await File.WriteAllTextAsync(file, _tokens.ServiceAccountKey());
        Environment.SetEnvironmentVariable("HOME", _home.FullName);
        Environment.SetEnvironmentVariable("NO_GCE_CHECK", "true");
        Environment.SetEnvironmentVariable(CredentialsFile, file);
    }

    public async ValueTask DisposeAsync()
    {
        await _tokens!.DisposeAsync();
        _home.Delete(recursive: true);
    }
}
