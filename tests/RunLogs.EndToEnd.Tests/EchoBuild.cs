using System.Diagnostics;

namespace RunLogs.EndToEnd.Tests;

/// <summary>samples/EchoBackend, built far from this repository against a package of the abstractions.</summary>
public sealed class EchoBuild : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly DirectoryInfo _scratch = Directory.CreateTempSubdirectory("runlogs-echo-");

    internal static string Repository { get; } = FindRepository();

    internal static string Sample => Path.Combine(Repository, "samples", "EchoBackend");

    /// <summary>What <c>dotnet publish</c> made.</summary>
    internal string Output => Path.Combine(_scratch.FullName, "out");

    public async ValueTask InitializeAsync()
    {
        var project = Directory.CreateDirectory(Path.Combine(_scratch.FullName, "EchoBackend")).FullName;
        foreach (var file in new[] { "EchoBackend.csproj", "Echo.cs", "nuget.config" })
        {
            File.Copy(Path.Combine(Sample, file), Path.Combine(project, file));
        }

        // The abstractions are built already, as these tests are.
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        await DotnetAsync(project, "pack", Path.Combine(Repository, "abstractions"), "--no-build", "-c", configuration, "-o", "feed");
        await DotnetAsync(project, "publish", "-o", Output, "-p:UseSharedCompilation=false");
    }

    public ValueTask DisposeAsync()
    {
        _scratch.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>Copies the plugin's folder beside the plugin directory and renames it into place.</summary>
    internal void InstallInto(string plugins)
    {
        var copy = Directory.CreateDirectory(plugins + "-next").FullName;
        foreach (var file in Directory.GetFiles(Output))
        {
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        }

        Directory.Move(copy, Path.Combine(plugins, "Echo"));
    }

    private async Task DotnetAsync(string directory, params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", arguments)
        {
            WorkingDirectory = directory,
            RedirectStandardOutput = true,
        };

        // A runner's own build settings are not a stranger's; a package of an earlier build must not be taken for this one.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["NUGET_PACKAGES"] = Path.Combine(_scratch.FullName, "packages");
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        try
        {
            await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }

        Assert.True(process.ExitCode == 0, $"dotnet {string.Join(' ', arguments)} failed:\n{await output}");
    }

    private static string FindRepository()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "RunLogs.Plugins.sln")))
        {
            directory = directory.Parent ?? throw new InvalidOperationException("These tests build a sample of the repository and are run inside it.");
        }

        return directory.FullName;
    }
}
