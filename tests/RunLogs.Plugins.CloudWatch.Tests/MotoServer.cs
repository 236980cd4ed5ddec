using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Xml.Linq;
using RunLogs.Testing;
using RunLogs.Testing.CloudWatch;

namespace RunLogs.Plugins.CloudWatch.Tests;

/// <summary>One moto_server that checks signatures and permissions, for all tests of a class; its clock stands where the tests' does.</summary>
public sealed class MotoServer : IAsyncLifetime
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("runlogs-moto-");
    private Process? _process;

    public string Url { get; private set; } = "";

    public string Profile => $"moto-{_process!.Id}";

    private static bool IsThere => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(directory => File.Exists(Path.Combine(directory, "moto_server")));

    public async ValueTask InitializeAsync()
    {
        if (!IsThere)
            return;

        using (var listener = new TcpListener(IPAddress.Loopback, 0))
        {
            listener.Start();
            Url = $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
        }

        // moto refuses events older than two weeks by its own clock.
        await File.WriteAllTextAsync(Path.Combine(_directory.FullName, "sitecustomize.py"), $"""
            import datetime, moto.logs.models as m
            millis = m.unix_time_millis
            m.utcnow = lambda: datetime.datetime.fromisoformat('{Some.Now:yyyy-MM-ddTHH:mm:ss}')
            m.unix_time_millis = lambda at=None: millis(at or m.utcnow())
            """);
        var start = new ProcessStartInfo("moto_server", ["-H", "127.0.0.1", "-p", new Uri(Url).Port.ToString(System.Globalization.CultureInfo.InvariantCulture)]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["INITIAL_NO_AUTH_ACTION_COUNT"] = "3";
        start.Environment["PYTHONPATH"] = _directory.FullName;
        start.Environment["HOME"] = Surroundings.UsersHome;
        _process = Process.Start(start)!;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        using var http = new HttpClient { BaseAddress = new Uri(Url) };
        await WaitUntilItAnswersAsync();
        await IamAsync(http, "Action=CreateUser&UserName=reader&Version=2010-05-08");
        await IamAsync(http, "Action=PutUserPolicy&UserName=reader&PolicyName=all&Version=2010-05-08&PolicyDocument=" + Uri.EscapeDataString("""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["logs:GetLogEvents","logs:FilterLogEvents","logs:DescribeLogStreams","logs:CreateLogGroup","logs:CreateLogStream","logs:PutLogEvents"],"Resource":"*"}]}"""));
        var key = await IamAsync(http, "Action=CreateAccessKey&UserName=reader&Version=2010-05-08");
        Surroundings.AddProfile(Profile, Value(key, "AccessKeyId"), Value(key, "SecretAccessKey"), null);
        Surroundings.AddProfile(Profile + "-wrong", Value(key, "AccessKeyId"), "wrong", null);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync().WaitAsync(FakeNode.Patience);
            _process.Dispose();
        }

        _directory.Delete(recursive: true);
    }

    /// <summary>moto comes from a registry that not every machine reaches: its tests are listed as skipped without it.</summary>
    public static void Require() => Assert.SkipUnless(IsThere, "This test needs moto_server on the PATH.");

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

    private static async Task<string> IamAsync(HttpClient http, string form)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/") { Content = new StringContent(form, Encoding.ASCII, "application/x-www-form-urlencoded") };
        request.Headers.TryAddWithoutValidation("Authorization", "AWS4-HMAC-SHA256 Credential=none/20261122/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=none");
        using var response = await http.SendAsync(request);
        return await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync();
    }

    private static string Value(string xml, string name) => XDocument.Parse(xml).Descendants().Single(element => element.Name.LocalName == name).Value;
}
