using System.Diagnostics;
using System.Text;

namespace RunLogs.EndToEnd.Tests;

/// <summary><c>runlogs</c>, as its users run it.</summary>
internal sealed class Cli : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly Task<string> _errors;
    private readonly Task _reading;
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Cli(string server, string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "cli", "runlogs"), arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["RUNLOGS_SERVER"] = server;
        _process = Process.Start(start)!;
        _errors = _process.StandardError.ReadToEndAsync();
        _reading = ReadAsync();
    }

    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    public static Cli Start(HostProcess host, params string[] arguments) => Start(host.GrpcAddress.ToString(), arguments);

    public static Cli Start(string server, params string[] arguments) => new(server, arguments);

    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(HostProcess host, params string[] arguments)
    {
        using var cli = Start(host, arguments);
        return await cli.EndAsync();
    }

    public async Task UntilAsync(Func<string, bool> printed)
    {
        while (true)
        {
            Task more;
            lock (_output)
            {
                if (printed(_output.ToString()))
                {
                    return;
                }

                more = _more.Task;
            }

            await more.WaitAsync(Patience, TestContext.Current.CancellationToken);
        }
    }

    public async Task<(int ExitCode, string Output, string Errors)> EndAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience);
        await _reading.WaitAsync(Patience, TestContext.Current.CancellationToken);
        var errors = await _errors.WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
        return (_process.ExitCode, Output, errors);
    }

    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{_process.Id}"]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private async Task ReadAsync()
    {
        var buffer = new char[16 * 1024];
        while (await _process.StandardOutput.ReadAsync(buffer) is > 0 and var read)
        {
            lock (_output)
            {
                _output.Append(buffer, 0, read);
                _more.SetResult();
                _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }
}
