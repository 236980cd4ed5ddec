using System.Diagnostics;

namespace RunLogs.Comparison.Rig;

/// <summary>A server as a process of its own, which ends with its owner.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly List<string> _output = [];

    private ServerProcess(Process process) => _process = process;

    public int Id => _process.Id;

    public ProcessFigures Figures => new(_process.Id);

    /// <summary>Starts it and waits until enough lines of its output tell what the caller looks for.</summary>
    public static async Task<(ServerProcess Server, T[] Told)> StartAsync<T>(ProcessStartInfo start, int count, Func<string, T?> find, CancellationToken cancellationToken)
        where T : class
    {
        start.RedirectStandardOutput = start.RedirectStandardError = start.RedirectStandardInput = true;
        var process = new Process { StartInfo = start, EnableRaisingEvents = true };
        var server = new ServerProcess(process);
        var told = new List<T>();
        var all = new TaskCompletionSource<T[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        process.OutputDataReceived += (_, line) => Take(line.Data);
        process.ErrorDataReceived += (_, line) => Take(line.Data);
        process.Exited += (_, _) => all.TrySetException(new InvalidOperationException($"{start.FileName} ended before it listened."));
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            return (server, await all.Task.WaitAsync(Patience, cancellationToken));
        }
        catch (Exception fault)
        {
            await server.DisposeAsync();
            throw new InvalidOperationException($"{start.FileName} did not start:\n{server.Output}", fault);
        }

        void Take(string? line)
        {
            lock (server._output)
            {
                server._output.Add(line ?? "");
                if (line is not null && find(line) is { } one)
                {
                    told.Add(one);
                    if (told.Count == count)
                    {
                        all.TrySetResult([.. told]);
                    }
                }
            }
        }
    }

    /// <summary>What it wrote.</summary>
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

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
