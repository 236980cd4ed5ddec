using System.Diagnostics;
using System.Text.RegularExpressions;
using Grpc.Net.Client;

namespace RunLogs.EndToEnd.Tests;

/// <summary>The published host, running as a process of its own on free ports.</summary>
internal sealed partial class HostProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2); // a busy machine takes long to start a process

    private readonly Process _process;
    private bool _isEnding;
    private readonly List<string> _output = [];
    private readonly List<(string Text, TaskCompletionSource Written)> _awaited = [];
    private readonly TaskCompletionSource<(Uri Grpc, Uri Http)> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<Uri> _addresses = [];
    private readonly DirectoryInfo _scratch = Directory.CreateTempSubdirectory("runlogs-host-");
    private HostLeftovers? _leftovers;
    private GrpcChannel? _channel;
    private HttpClient? _http;
    private bool _hasChannel;
    private bool _hasHttp;
    private object? _making;

    // A setting without a colon in its name goes into the environment, any other on the command line.
    private HostProcess(IEnumerable<string> settings)
    {
        // An unrelated working directory with settings that are not the host's: its own lie beside it.
        File.WriteAllText(Path.Combine(_scratch.FullName, "appsettings.json"), """{"RunLogs":{"NotOfThisHost":1}}""");
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "published", "RunLogs.Host"))
        {
            WorkingDirectory = _scratch.FullName,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Remove("KUBECONFIG");
        start.Environment["HOME"] = _scratch.FullName;
        string[] own =
        [
            "Kestrel:Endpoints:Http:Url=http://127.0.0.1:0",
            "Kestrel:Endpoints:Grpc:Url=http://127.0.0.1:0",
            $"RunLogs:DataDirectory={_scratch.FullName}/data",
        ];
        foreach (var setting in own.Concat(settings))
        {
            if (setting.Split('=', 2) is [var name, var value] && !name.Contains(':', StringComparison.Ordinal))
            {
                start.Environment[name] = value;
            }
            else
            {
                start.ArgumentList.Add("--" + setting);
            }
        }

        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Take(line.Data);
        _process.ErrorDataReceived += (_, line) => Take(line.Data);
        _process.Exited += (_, _) => _listening.TrySetException(new InvalidOperationException("The host ended before it listened."));
    }

    public Uri GrpcAddress { get; private set; } = null!;

    public Uri HttpAddress { get; private set; } = null!;

    // Many clients of one test ask at once: a second one made would never be disposed.
    public GrpcChannel Channel => LazyInitializer.EnsureInitialized(ref _channel, ref _hasChannel, ref _making, () => GrpcChannel.ForAddress(GrpcAddress, new GrpcChannelOptions { MaxReceiveMessageSize = 4 * 1024 * 1024 }))!;

    public HttpClient Http => LazyInitializer.EnsureInitialized(ref _http, ref _hasHttp, ref _making, () => new HttpClient { BaseAddress = HttpAddress, Timeout = Patience })!;

    /// <summary>Event names of errors that a test provokes; any other makes it fail.</summary>
    public List<string> ExpectedErrors { get; } = [];

    /// <summary>Timers that the host keeps with its connections to servers of its settings.</summary>
    public int KeptTimers { get; set; }

    /// <summary>Ports of servers to which the host keeps connections for later.</summary>
    public List<int> PooledPorts { get; } = [];

    public string Output
    {
        get
        {
            lock (_output)
            {
                return string.Join('\n', _output);
            }
        }
    }

    public static async Task<HostProcess> StartAsync(params string[] settings)
    {
        var host = new HostProcess(settings);
        host.Start();
        try
        {
            (host.GrpcAddress, host.HttpAddress) = await host._listening.Task.WaitAsync(Patience);
            host._leftovers = await HostLeftovers.BeginAsync(host._process.Id, host.HttpAddress).WaitAsync(Patience);
            return host;
        }
        catch (Exception error)
        {
            await host.DisposeAsync();
            throw new InvalidOperationException($"The host did not start:\n{host.Output}", error);
        }
    }

    /// <summary>Runs a host that is expected to refuse these settings.</summary>
    public static async Task<(int ExitCode, string Output)> RunToItsEndAsync(params string[] settings)
    {
        await using var host = new HostProcess(settings);
        host._listening.Task.ContinueWith(task => task.Exception, TaskScheduler.Default).GetType();
        host.Start();
        await host._process.WaitForExitAsync().WaitAsync(Patience);
        return (host._process.ExitCode, host.Output);
    }

    /// <summary>Asks the host to end, as an orchestrator does, and returns its exit code.</summary>
    public async Task<int> TerminateAsync()
    {
        await SignalAsync("TERM");
        await _process.WaitForExitAsync().WaitAsync(Patience);
        return _process.ExitCode;
    }

    public async Task SignalAsync(string signal)
    {
        _isEnding |= signal == "TERM";
        using var kill = Process.Start("kill", [$"-{signal}", $"{_process.Id}"]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Ends when the host has written a line with a text in it.</summary>
    public Task WritesAsync(string text)
    {
        lock (_output)
        {
            var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _awaited.Add((text, written));
            _output.ForEach(Tell);
            return written.Task.WaitAsync(Patience);
        }
    }

    /// <summary>What the host still holds although this client of it is gone.</summary>
    public async Task<IReadOnlyList<string>> FindLeftAsync(TimeSpan patience)
    {
        _channel?.Dispose();
        _http?.Dispose();
        (_channel, _http, _hasChannel, _hasHttp) = (null, null, false, false);
        return await _leftovers!.FindAsync(patience, KeptTimers, [.. PooledPorts]).WaitAsync(Patience);
    }

    public async ValueTask DisposeAsync()
    {
        IReadOnlyList<string> left = [];
        if (_leftovers is not null && !_isEnding && !_process.HasExited)
        {
            left = await FindLeftAsync(TimeSpan.FromSeconds(10));
            await TerminateAsync();
        }

        _channel?.Dispose();
        _http?.Dispose();
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync().WaitAsync(Patience);
        _process.Dispose();
        _scratch.Delete(recursive: true);
        var errors = Output.Split('\n').Where(line => ErrorLine().IsMatch(line) && !ExpectedErrors.Exists(line.Contains)).ToList();
        Assert.True(errors.Count == 0, $"The host logged errors:\n{Output}");
        Assert.True(left.Count == 0, $"The host still held: {string.Join("; ", left)}.\n{Output}");
    }

    private void Start()
    {
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    private void Take(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_output)
        {
            _output.Add(line);
            Tell(line);
            if (Listening().Match(line) is { Success: true } match)
            {
                _addresses.Add(new Uri(match.Groups[1].Value));
                if (_addresses.Count == 2)
                {
                    // Endpoints are opened in the order of their names.
                    _listening.TrySetResult((_addresses[0], _addresses[1]));
                }
            }
        }
    }

    private void Tell(string line)
    {
        foreach (var (_, written) in _awaited.Where(one => line.Contains(one.Text, StringComparison.Ordinal)))
        {
            written.TrySetResult();
        }
    }

    [GeneratedRegex(@"Now listening on: (http://\S+)")]
    private static partial Regex Listening();

    [GeneratedRegex(@"^(fail|crit): ")]
    private static partial Regex ErrorLine();
}
