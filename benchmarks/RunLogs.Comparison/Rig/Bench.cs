namespace RunLogs.Comparison.Rig;

/// <summary>What measures are taken on: the published host, the API server, a folder for what comes and goes.</summary>
internal sealed class Bench : IAsyncDisposable
{
    private readonly DirectoryInfo _scratch = Directory.CreateTempSubdirectory("runlogs-comparison-");
    private readonly string _hostFolder;

    private Bench(Settings settings)
    {
        Settings = settings;
        _hostFolder = settings.Host ?? Path.Combine(_scratch.FullName, "host");
    }

    public Settings Settings { get; }

    public ApiServer Api { get; private set; } = null!;

    public string Scratch => _scratch.FullName;

    public static async Task<Bench> StartAsync(Settings settings, CancellationToken cancellationToken)
    {
        var bench = new Bench(settings);
        try
        {
            if (settings.Host is null)
            {
                await Publishing.RunAsync(bench._hostFolder, cancellationToken);
            }

            bench.Api = await ApiServer.StartAsync(bench.Scratch, settings.Lines, cancellationToken);
            return bench;
        }
        catch
        {
            await bench.DisposeAsync();
            throw;
        }
    }

    /// <summary>A host whose live source is an API.</summary>
    public Task<HostServer> StartHostAsync(Upstream upstream, CancellationToken cancellationToken, params IEnumerable<string> settings) =>
        HostServer.StartAsync(_hostFolder, [$"Backends:Kubernetes:KubeConfig={upstream.KubeConfig}", .. settings], cancellationToken);

    /// <summary>A host that has files alone.</summary>
    public Task<HostServer> StartHostOfFilesAsync(string root, CancellationToken cancellationToken) =>
        HostServer.StartAsync(_hostFolder, ["Backends:Kubernetes:Enabled=false", $"Backends:Files:Root={root}"], cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (Api is not null)
        {
            await Api.DisposeAsync();
        }

        _scratch.Delete(recursive: true);
    }
}
