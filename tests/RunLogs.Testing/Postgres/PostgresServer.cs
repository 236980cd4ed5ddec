using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace RunLogs.Testing.Postgres;

/// <summary>A real PostgreSQL on a port and in a directory of its own, which end with it.</summary>
public sealed class PostgresServer : IAsyncDisposable
{
    public const string Password = "hunter2 of the tests";

    private const string User = "postgres"; // PostgreSQL refuses to run as root

    // A busy machine takes its time to make a cluster, and to recover one that was killed.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("runlogs-postgres-");
    private Process? _process;

    // Bound and never listened on: nobody else is given the port while the server is away, least of all a client that tries to reach it.
    private readonly Socket _port = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    private PostgresServer()
    {
        _port.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Port = ((IPEndPoint)_port.LocalEndPoint!).Port;
    }

    public int Port { get; }

    /// <summary>What opens a database of it as its administrator.</summary>
    public string ConnectionString(string database = "postgres", string user = User) => $"Host=127.0.0.1;Port={Port};Database={database};Username={user};Password={Password}";

    private static string? Programs => Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin")).Where(bin => File.Exists(Path.Combine(bin, "initdb"))).Order(StringComparer.Ordinal).LastOrDefault()
        : null;

    private string Data => Path.Combine(_directory.FullName, "data");

    /// <summary>Skips the test where PostgreSQL is missing, but not in CI.</summary>
    public static void Require()
    {
        Assert.SkipUnless(Programs is not null || Environment.GetEnvironmentVariable("CI") == "true", "This test needs PostgreSQL (Debian: postgresql).");
        Assert.True(Programs is not null, "PostgreSQL is missing: install Debian's postgresql.");
    }

    public static async Task<PostgresServer> StartAsync()
    {
        var server = new PostgresServer();
        try
        {
            await server.CreateAsync();
            await server.RunAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts it again after <see cref="KillAsync"/>.</summary>
    public async Task RunAsync()
    {
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var output = new List<string>();
        _process = Process.Start(AsUser("postgres", "-D", Data, "-k", _directory.FullName, "-h", "127.0.0.1", "-p", Port.ToString(CultureInfo.InvariantCulture), "-c", "fsync=off", "-c", "max_connections=60"))!;
        void Take(object sender, DataReceivedEventArgs line)
        {
            lock (output)
            {
                output.Add(line.Data ?? "");
            }

            if (line.Data?.Contains("ready to accept connections", StringComparison.Ordinal) == true)
                ready.TrySetResult();
        }

        _process.OutputDataReceived += Take;
        _process.ErrorDataReceived += Take;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        var ended = _process.WaitForExitAsync();
        if (await Task.WhenAny(ready.Task, ended).WaitAsync(Patience) == ended)
            throw new InvalidOperationException($"PostgreSQL did not start: {string.Join(' ', output)}");
    }

    /// <summary>Ends it as a crash would: clients hear of it by their broken connections.</summary>
    public async Task KillAsync()
    {
        if (_process is null)
            return;

        using (var kill = Process.Start("kill", ["-QUIT", $"{_process.Id}"]))
        {
            await kill.WaitForExitAsync();
        }

        await _process.WaitForExitAsync().WaitAsync(Patience);
        _process.Dispose();
        _process = null;
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _port.Dispose();
        _directory.Delete(recursive: true);
    }

    private async Task CreateAsync()
    {
        var passwordFile = Path.Combine(_directory.FullName, "password");
        await File.WriteAllTextAsync(passwordFile, Password);
        if (Environment.IsPrivilegedProcess)
        {
            using var chown = Process.Start("chown", ["-R", User, _directory.FullName]);
            await chown.WaitForExitAsync();
        }

        using var create = Process.Start(AsUser("initdb", "-D", Data, "-U", User, "--auth=scram-sha-256", $"--pwfile={passwordFile}", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"))!;
        var errors = create.StandardError.ReadToEndAsync();
        await create.StandardOutput.ReadToEndAsync().WaitAsync(Patience);
        await create.WaitForExitAsync().WaitAsync(Patience);
        Assert.True(create.ExitCode == 0, $"initdb ended with {create.ExitCode}: {await errors}");
    }

    // setpriv becomes the program: its id is the server's.
    private static ProcessStartInfo AsUser(string program, params string[] arguments)
    {
        var path = Path.Combine(Programs!, program);
        var start = Environment.IsPrivilegedProcess
            ? new ProcessStartInfo("setpriv", [$"--reuid={User}", $"--regid={User}", "--clear-groups", path, .. arguments])
            : new ProcessStartInfo(path, arguments);
        start.WorkingDirectory = "/";
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        return start;
    }
}
