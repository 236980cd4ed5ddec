using System.Diagnostics;

namespace RunLogs.Connect.Tests;

/// <summary>What people type: needs curl 7.82 or later, for its --json.</summary>
public sealed class CurlTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Curl_reads_an_answer()
    {
        await RequireCurlAsync();
        await using var server = await ParrotServer.StartAsync();

        var (output, status) = await CurlAsync("--json", """{"text":"hello"}""", $"{server.Http1}parrot.v1.ParrotService/Say");

        Assert.Equal(0, status);
        Assert.Contains("\"text\": \"hello\"", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Curl_reads_an_answer_over_cleartext_http2()
    {
        await RequireCurlAsync();
        await using var server = await ParrotServer.StartAsync();

        var (output, status) = await CurlAsync("--http2-prior-knowledge", "--json", """{"text":"hello"}""", $"{server.Http2}parrot.v1.ParrotService/Say");

        Assert.Equal(0, status);
        Assert.Contains("\"text\": \"hello\"", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Curl_reads_an_error()
    {
        await RequireCurlAsync();
        await using var server = await ParrotServer.StartAsync();

        var (output, status) = await CurlAsync("--json", """{"text":""", $"{server.Http1}parrot.v1.ParrotService/Say", "-w", " %{http_code}");

        Assert.Equal(0, status);
        Assert.Equal("""{"code":"invalid_argument","message":"The request body is not JSON at line 1, byte 9."} 400""", output);
    }

    [Fact]
    public async Task Curl_is_told_to_continue_with_a_large_body()
    {
        await RequireCurlAsync();
        await using var server = await ParrotServer.StartAsync();
        var body = Path.GetTempFileName();
        await File.WriteAllTextAsync(body, $$"""{"text":"{{new string('a', 2_000_000)}}"}""");

        var (output, status) = await CurlAsync("--json", $"@{body}", "-H", "Expect: 100-continue", "--expect100-timeout", "60",
            "-o", "/dev/null", "-w", "%{http_code}", $"{server.Http1}parrot.v1.ParrotService/Say");

        File.Delete(body);
        Assert.Equal((0, "200"), (status, output));
    }

    private static async Task RequireCurlAsync()
    {
        string help;
        try
        {
            (help, _) = await CurlAsync("--help", "all");
        }
        catch (System.ComponentModel.Win32Exception)
        {
            help = "";
        }

        var isThere = help.Contains("--json", StringComparison.Ordinal);
        if (Environment.GetEnvironmentVariable("CI") == "true")
            Assert.True(isThere, "curl 7.82 or later is required in CI.");
        Assert.SkipUnless(isThere, "Needs curl 7.82 or later.");
    }

    private static async Task<(string Output, int Status)> CurlAsync(params string[] arguments)
    {
        using var curl = Process.Start(new ProcessStartInfo("curl", ["-sS", .. arguments]) { RedirectStandardOutput = true })!;
        try
        {
            var output = await curl.StandardOutput.ReadToEndAsync().WaitAsync(Patience);
            await curl.WaitForExitAsync().WaitAsync(Patience);
            return (output, curl.ExitCode);
        }
        catch (TimeoutException)
        {
            curl.Kill();
            throw;
        }
    }
}
