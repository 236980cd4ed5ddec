using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using System.Xml.Linq;

namespace RunLogs.Testing.CloudWatch;

/// <summary>A moto_server, which serves CloudWatch Logs' protocol and checks signatures and permissions.</summary>
public sealed class MotoServer : IAsyncDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("runlogs-moto-");
    private readonly HttpClient _http = new();
    private Process? _process;

    private MotoServer()
    {
    }

    public string Url { get; private set; } = "";

    public string AccessKey { get; private set; } = "";

    public string SecretKey { get; private set; } = "";

    public static bool IsThere => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(directory => File.Exists(Path.Combine(directory, "moto_server")));

    /// <summary>moto comes from a registry that not every machine reaches: its tests are listed as skipped without it.</summary>
    public static void Require() => Assert.SkipUnless(IsThere, "This test needs moto_server on the PATH.");

    /// <summary>Starts one.</summary>
    /// <param name="clock">Where its clock stands; null for the real one.</param>
    /// <param name="home">The home of whoever installed it; null for this process' own.</param>
    public static async Task<MotoServer> StartAsync(DateTimeOffset? clock = null, string? home = null)
    {
        var moto = new MotoServer();
        try
        {
            await moto.BeginAsync(clock, home);
            return moto;
        }
        catch
        {
            await moto.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes a signed call.</summary>
    public async Task CallAsync(string operation, JsonObject parameters, CancellationToken cancellationToken)
    {
        var body = Encoding.UTF8.GetBytes(parameters.ToJsonString());
        using var request = new HttpRequestMessage(HttpMethod.Post, Url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-amz-json-1.1");
        request.Headers.Add("X-Amz-Target", $"Logs_20140328.{operation}");
        FakeSignature.Sign(request, body, AccessKey, SecretKey, FakeCloudWatchLogs.Region, TimeProvider.System.GetUtcNow());
        using var response = await _http.SendAsync(request, cancellationToken);
        Assert.True(response.IsSuccessStatusCode, $"moto refused {operation}: {await response.Content.ReadAsStringAsync(cancellationToken)}");
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync().WaitAsync(FakeNode.Patience);
            _process.Dispose();
        }

        _http.Dispose();
        _directory.Delete(recursive: true);
    }

    private async Task BeginAsync(DateTimeOffset? clock, string? home)
    {
        using (var listener = new TcpListener(IPAddress.Loopback, 0))
        {
            listener.Start();
            Url = $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
        }

        var start = new ProcessStartInfo("moto_server", ["-H", "127.0.0.1", "-p", new Uri(Url).Port.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["INITIAL_NO_AUTH_ACTION_COUNT"] = "3";
        if (home is not null)
            start.Environment["HOME"] = home;

        if (clock is { } time)
        {
            // moto refuses events older than two weeks by its own clock.
            await File.WriteAllTextAsync(Path.Combine(_directory.FullName, "sitecustomize.py"), $"""
                import datetime, moto.logs.models as m
                millis = m.unix_time_millis
                m.utcnow = lambda: datetime.datetime.fromisoformat('{time:yyyy-MM-ddTHH:mm:ss}')
                m.unix_time_millis = lambda at=None: millis(at or m.utcnow())
                """);
            start.Environment["PYTHONPATH"] = _directory.FullName;
        }

        _process = Process.Start(start)!;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await WaitUntilItAnswersAsync();
        await IamAsync("Action=CreateUser&UserName=reader&Version=2010-05-08");
        await IamAsync("Action=PutUserPolicy&UserName=reader&PolicyName=all&Version=2010-05-08&PolicyDocument=" + Uri.EscapeDataString("""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["logs:GetLogEvents","logs:FilterLogEvents","logs:DescribeLogStreams","logs:CreateLogGroup","logs:CreateLogStream","logs:PutLogEvents"],"Resource":"*"}]}"""));
        var key = await IamAsync("Action=CreateAccessKey&UserName=reader&Version=2010-05-08");
        (AccessKey, SecretKey) = (Value(key, "AccessKeyId"), Value(key, "SecretAccessKey"));
    }

    private async Task WaitUntilItAnswersAsync()
    {
        var started = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(started) < FakeNode.Patience)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, new Uri(Url).Port);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
            }
        }

        throw new TimeoutException("moto_server did not start.");
    }

    private async Task<string> IamAsync(string form)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Url) { Content = new StringContent(form, Encoding.ASCII, "application/x-www-form-urlencoded") };
        request.Headers.TryAddWithoutValidation("Authorization", "AWS4-HMAC-SHA256 Credential=none/20261122/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=none");
        using var response = await _http.SendAsync(request);
        return await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync();
    }

    private static string Value(string xml, string name) => XDocument.Parse(xml).Descendants().Single(element => element.Name.LocalName == name).Value;
}
