using System.Diagnostics;
using RunLogs.Connect.Conformance;

namespace RunLogs.Connect.Tests.Conformance;

/// <summary>The conformance server as its runner starts it: a process that is asked on its input and answers on its output.</summary>
internal sealed class ConformanceServer : IAsyncDisposable
{
    public const uint ReceiveLimit = 204_800;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly string Executable = Path.Combine(AppContext.BaseDirectory, "RunLogs.Connect.ConformanceServer");

    private readonly Process _process;

    private ConformanceServer(Process process) => _process = process;

    public HttpClient Client { get; private set; } = null!;

    public static async Task<ConformanceServer> StartAsync(Protocol protocol, HTTPVersion http)
    {
        var process = Process.Start(new ProcessStartInfo(Executable)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        var server = new ConformanceServer(process);
        try
        {
            await Framing.WriteAsync(process.StandardInput.BaseStream, new ServerCompatRequest
            {
                Protocol = protocol,
                HttpVersion = http,
                MessageReceiveLimit = ReceiveLimit,
            });
            // Its end is no sign to stop.
            process.StandardInput.Close();
            var answer = await Framing.ReadAsync(process.StandardOutput.BaseStream, ServerCompatResponse.Parser).WaitAsync(Patience);
            server.Client = new HttpClient
            {
                BaseAddress = new Uri($"http://{answer.Host}:{answer.Port}"),
                DefaultRequestVersion = http == HTTPVersion._2 ? new Version(2, 0) : new Version(1, 1),
                DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
                Timeout = Patience,
            };
            return server;
        }
        catch (Exception)
        {
            process.Kill();
            throw;
        }
    }

    /// <summary>A server that does not start.</summary>
    public static async Task<(int ExitCode, string Output, string Error)> RefusedAsync(ServerCompatRequest asked)
    {
        using var process = Process.Start(new ProcessStartInfo(Executable) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        try
        {
            await Framing.WriteAsync(process.StandardInput.BaseStream, asked);
            process.StandardInput.Close();
            var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            await process.WaitForExitAsync().WaitAsync(Patience);
            return (process.ExitCode, await output, await error);
        }
        catch (TimeoutException)
        {
            process.Kill();
            throw;
        }
    }

    /// <summary>Ends it as the runner does; whatever else came on the standard output is a fault.</summary>
    public async Task<(int ExitCode, string Output)> TerminateAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        await kill.WaitForExitAsync();
        var output = await _process.StandardOutput.ReadToEndAsync().WaitAsync(Patience);
        await _process.WaitForExitAsync().WaitAsync(Patience);
        return (_process.ExitCode, output);
    }

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        if (!_process.HasExited)
            Assert.Equal((0, ""), await TerminateAsync());
        _process.Dispose();
    }
}
