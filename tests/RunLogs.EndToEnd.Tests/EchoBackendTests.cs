using RunLogs.Protos.V1;

namespace RunLogs.EndToEnd.Tests;

/// <summary>A stranger's backend, dropped into the plugin directory of a host that serves already.</summary>
public sealed class EchoBackendTests(EchoBuild echo) : IClassFixture<EchoBuild>, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _scratch = Directory.CreateTempSubdirectory("runlogs-drop-");

    private string Plugins => Directory.CreateDirectory(Path.Combine(_scratch.FullName, "plugins")).FullName;

    public void Dispose() => _scratch.Delete(recursive: true);

    [Fact]
    public async Task Dropped_into_a_serving_host_it_answers_every_protocol()
    {
        await using var host = await StartAsync("00:00:00.2");
        await Rig.PutContextAsync(host, "run1", "echo");

        echo.InstallInto(Plugins);
        await ActiveAsync(host, generation: 1);

        using var call = Tail.Open(host, "run1");
        Assert.Equal("hello\n", Assert.Single(await call.ReadAllAsync()).Message);
        Assert.Equal("hello\n", await host.Http.GetStringAsync("/logs/flytesnacks/development/run1/a0/1?org=acme", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_hang_up_has_it_loaded_at_once_and_the_host_goes_on()
    {
        Assert.SkipWhen(HasTerminal(), "With a controlling terminal SIGHUP ends the host.");
        await using var host = await StartAsync("1:00:00");
        await Rig.PutContextAsync(host, "run1", "echo");

        echo.InstallInto(Plugins);
        await host.SignalAsync("HUP");
        await ActiveAsync(host, generation: 1);
        File.SetLastWriteTimeUtc(Path.Combine(Plugins, "Echo", "EchoBackend.dll"), DateTime.UnixEpoch);
        await host.SignalAsync("HUP");
        await ActiveAsync(host, generation: 2);

        using var call = Tail.Open(host, "run1");
        Assert.Equal("hello\n", Assert.Single(await call.ReadAllAsync()).Message);
    }

    [Fact]
    public void The_sample_is_what_the_page_for_authors_shows()
    {
        var page = File.ReadAllText(Path.Combine(EchoBuild.Repository, "docs", "writing-a-backend.md"));

        Assert.Contains(File.ReadAllText(Path.Combine(EchoBuild.Sample, "Echo.cs")), page, StringComparison.Ordinal);
        Assert.Contains(File.ReadAllText(Path.Combine(EchoBuild.Sample, "EchoBackend.csproj")), page, StringComparison.Ordinal);
        Assert.Contains(File.ReadAllText(Path.Combine(EchoBuild.Sample, "nuget.config")), page, StringComparison.Ordinal);
    }

    private Task<HostProcess> StartAsync(string pollInterval) => HostProcess.StartAsync(
        $"RunLogs:PluginDirectory={Plugins}", $"RunLogs:Plugins:PollInterval={pollInterval}", "RunLogs:Backends:Echo:Greeting=hello");

    private static async Task ActiveAsync(HostProcess host, ulong generation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience);
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        var backends = new BackendService.BackendServiceClient(host.Channel);
        do
        {
            var list = await backends.ListBackendsAsync(new ListBackendsRequest(), cancellationToken: limit.Token);
            if (list.Backends.Any(backend => backend is { Name: "Echo", State: Backend.Types.State.Active } && backend.Generation == generation))
            {
                return;
            }
        }
        while (await tick.WaitForNextTickAsync(limit.Token));
    }

    private static bool HasTerminal()
    {
        try
        {
            using var terminal = File.OpenHandle("/dev/tty");
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
