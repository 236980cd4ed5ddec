using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace RunLogs.EndToEnd.Tests;

/// <summary>Other people's clients, run as programs: curl, and those that <c>npm ci</c> in tests/clients/connect installs.</summary>
internal static class ClientProgram
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    public static string Root
    {
        get
        {
            var root = new DirectoryInfo(AppContext.BaseDirectory);
            while (root is not null && !File.Exists(Path.Combine(root.FullName, "RunLogs.Plugins.sln")))
            {
                root = root.Parent;
            }

            return root?.FullName ?? "";
        }
    }

    private static string Folder => Path.Combine(Root, "tests", "clients", "connect");

    /// <summary>Runs a script of the folder; both what it is told and what it saw is JSON.</summary>
    public static async Task<JsonElement> NodeAsync(string script, object call)
    {
        RequireNode();
        var (output, _) = await RunAsync("node", script, JsonSerializer.Serialize(call));
        return JsonDocument.Parse(output).RootElement;
    }

    /// <summary>Starts a script of the folder that tells what it sees while it runs; its caller ends it.</summary>
    public static Process StartNode(string script, object call)
    {
        RequireNode();
        return Start("node", script, JsonSerializer.Serialize(call));
    }

    public static Task<(string Output, int Status)> BufAsync(params string[] arguments)
    {
        var buf = Path.Combine(Folder, "node_modules", "@bufbuild", $"buf-linux-{(RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "aarch64" : "x64")}", "bin", "buf");
        Require(buf, "npm ci in tests/clients/connect");
        return RunAsync(buf, arguments);
    }

    public static Task<(string Output, int Status)> CurlAsync(params string[] arguments)
    {
        Require("/usr/bin/curl", "curl");
        return RunAsync("/usr/bin/curl", arguments);
    }

    private static void RequireNode() => Require(Path.Combine(Folder, "node_modules"), "Node and npm ci in tests/clients/connect");

    private static void Require(string path, string what)
    {
        var isThere = File.Exists(path) || Directory.Exists(path);
        if (Environment.GetEnvironmentVariable("CI") == "true")
        {
            Assert.True(isThere, $"{what} is required in CI.");
        }

        Assert.SkipUnless(isThere, $"Needs {what}.");
    }

    private static async Task<(string Output, int Status)> RunAsync(string program, params string[] arguments)
    {
        using var process = Start(program, arguments);
        try
        {
            var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken).WaitAsync(Patience);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience);
            return (output, process.ExitCode);
        }
        catch (TimeoutException)
        {
            process.Kill();
            throw;
        }
    }

    private static Process Start(string program, params string[] arguments) =>
        Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = Folder, RedirectStandardOutput = true })!;
}
