using Npgsql;
using RunLogs.Testing.Kubernetes;
using RunLogs.Testing.Postgres;

namespace RunLogs.EndToEnd.Tests;

/// <summary>Two hosts on one PostgreSQL, one cluster and one archive, with one cursor key; they start at the same moment.</summary>
internal sealed class SharedDatabaseRig : IAsyncDisposable
{
    private readonly DirectoryInfo _files = Directory.CreateTempSubdirectory("runlogs-files-");

    private SharedDatabaseRig(PostgresServer server, FakeKubernetesApi api) => (Server, Api) = (server, api);

    public PostgresServer Server { get; }

    public FakeKubernetesApi Api { get; }

    public IReadOnlyList<HostProcess> Hosts { get; private set; } = [];

    /// <summary>The database is empty.</summary>
    public static async Task<SharedDatabaseRig> StartAsync()
    {
        var rig = await StartWithoutHostsAsync();
        try
        {
            await rig.StartHostsAsync();
            return rig;
        }
        catch
        {
            await rig.DisposeAsync();
            throw;
        }
    }

    public static async Task<SharedDatabaseRig> StartWithoutHostsAsync()
    {
        PostgresServer.Require();
        return new SharedDatabaseRig(await PostgresServer.StartAsync(), await FakeKubernetesApi.StartAsync());
    }

    /// <param name="connection">More of their connection string.</param>
    public async Task StartHostsAsync(string connection = "") => Hosts = await Task.WhenAll(StartHostAsync(connection), StartHostAsync(connection));

    /// <summary>A connection beside those of the hosts.</summary>
    public async Task<NpgsqlConnection> OpenAsync()
    {
        var connection = new NpgsqlConnection(Server.ConnectionString() + ";Pooling=false");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        return connection;
    }

    public async Task WriteFileAsync(string pod, string uid, byte[] log)
    {
        var directory = Directory.CreateDirectory(Path.Combine(_files.FullName, $"flyte_{pod}_{uid}", "main"));
        await File.WriteAllBytesAsync(Path.Combine(directory.FullName, "0.log"), log);
    }

    public async ValueTask DisposeAsync()
    {
        // A host that left something behind makes its test fail; the others end all the same.
        try
        {
            await Task.WhenAll(Hosts.Select(host => host.DisposeAsync().AsTask()));
        }
        finally
        {
            await Server.DisposeAsync();
            await Api.DisposeAsync();
            _files.Delete(recursive: true);
        }
    }

    private async Task<HostProcess> StartHostAsync(string connection)
    {
        var host = await HostProcess.StartAsync(
            "RunLogs:Contexts:Store=Postgres",
            $"RunLogs__Contexts__ConnectionString={Server.ConnectionString()}{connection}",
            "RunLogs__CursorKey=the key of these two hosts and long enough",
            $"RunLogs:Backends:Kubernetes:KubeConfig={Api.KubeConfigPath}",
            $"RunLogs:Backends:Files:Root={_files.FullName}",
            "RunLogs:Archive:QuietPeriod=00:00:00.5",
            "RunLogs:Archive:MinimumAfterEnd=00:00:01",
            "RunLogs:Archive:LagLimit=00:00:03",
            "Logging:LogLevel:RunLogs.Host.Contexts.FactsRecorder=Debug");
        host.PooledPorts.AddRange([new Uri(Api.Url).Port, Server.Port]);
        return host;
    }
}
