using System.Globalization;
using RunLogs.Comparison.Rig;

namespace RunLogs.Comparison.Clients;

/// <summary>curl, which throws everything away: on the raw log, and as a client of gRPC.</summary>
internal sealed class Curl(string authorityFile, string scratch)
{
    public const string Program = "curl";

    private string RequestFile => Path.Combine(scratch, "request.bin");

    private string HeaderFile => Path.Combine(scratch, "headers.txt");

    public async Task ReadAsync(Uri log, ExpectedLog expected, CancellationToken cancellationToken) =>
        expected.CheckBytes("curl", await RunAsync(["--cacert", authorityFile, "-H", "Authorization: Bearer none", $"{log}"], cancellationToken));

    /// <summary>Tails over gRPC.</summary>
    public async Task TailAsync(Uri host, ExpectedLog expected, CancellationToken cancellationToken)
    {
        await File.WriteAllBytesAsync(RequestFile, TailCall.Envelope(expected.Pod), cancellationToken);
        var received = await RunAsync(
            ["--http2-prior-knowledge", "-H", "content-type: application/grpc", "-H", "te: trailers", "--data-binary", $"@{RequestFile}", "-D", HeaderFile, $"{new Uri(host, TailCall.Path)}"],
            cancellationToken);
        expected.Check("curl", TailCall.ClosingOf(await File.ReadAllTextAsync(HeaderFile, cancellationToken)), received);
    }

    private async Task<long> RunAsync(string[] arguments, CancellationToken cancellationToken) => long.Parse(
        await OutsideProgram.RunAsync(Program, ["-sS", "--fail", "-o", "/dev/null", "-w", "%{size_download}", .. arguments], scratch, cancellationToken), CultureInfo.InvariantCulture);
}
