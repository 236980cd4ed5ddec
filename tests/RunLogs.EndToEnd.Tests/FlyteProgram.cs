using System.Diagnostics;
using System.Text.Json;

namespace RunLogs.EndToEnd.Tests;

/// <summary>A client of Flyte's as a process, which tells what its user notices while it runs.</summary>
internal sealed class FlyteProgram : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly Process _process;
    private readonly List<JsonElement> _told = [];

    private FlyteProgram(Process process) => _process = process;

    /// <summary>All lines of the log that were shown.</summary>
    public IEnumerable<string?> Lines => All("line").Zip(All("originator")).Where(line => line.Second != "SYSTEM").Select(line => line.First);

    /// <summary>Does what the SDK does, with Flyte's own stubs; of a host without a domain it names no org.</summary>
    public static FlyteProgram StartSdk(Uri endpoint, string run, int pace = 1) => Start("sdk.mjs", new { endpoint = Of(endpoint), action = Action("", run), attempt = 1, pace });

    /// <summary>Does what the console does, with descriptors that buf builds from the host's contracts.</summary>
    public static async Task<FlyteProgram> StartConsoleAsync(Uri endpoint, string run, string transport = "json", string origin = BrowserRig.Origin, int pace = 1)
    {
        var descriptors = Path.Combine(AppContext.BaseDirectory, $"{Guid.NewGuid():N}.binpb");
        try
        {
            Assert.Equal(0, (await ClientProgram.BufAsync("build", Path.Combine(ClientProgram.Root, "host", "protos"), "--as-file-descriptor-set", "-o", descriptors)).Status);
            var program = Start("console.mjs", new { endpoint = Of(endpoint), action = Action("acme", run), attempt = 1, transport, origin, descriptors, pace });
            await program.ReadAsync("ready");
            return program;
        }
        finally
        {
            File.Delete(descriptors);
        }
    }

    /// <summary>What was told by a name so far.</summary>
    public IEnumerable<string?> All(string name) => _told.Where(one => one.TryGetProperty(name, out _)).Select(one => one.GetProperty(name).ToString());

    /// <summary>What is told next by a name.</summary>
    public async Task<string> ReadAsync(string name)
    {
        while (await _process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience) is { } line)
        {
            _told.Add(JsonDocument.Parse(line).RootElement);
            if (_told[^1].TryGetProperty(name, out var value))
            {
                return value.ToString();
            }
        }

        throw new InvalidOperationException($"The client ended without telling of {name}: {string.Join(' ', _told)}");
    }

    /// <summary>How it ended, and the sentence that came with it.</summary>
    public async Task<(string End, string Message)> ReadToEndAsync() =>
        (await ReadAsync("end"), _told[^1].TryGetProperty("message", out var message) ? message.GetString()! : "");

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private static FlyteProgram Start(string script, object call) => new(ClientProgram.StartNode(script, call));

    private static string Of(Uri endpoint) => endpoint.AbsoluteUri.TrimEnd('/');

    private static object Action(string org, string run) => new { run = new { org, project = "flytesnacks", domain = "development", name = run }, name = "a0" };
}
