using System.Net;
using System.Net.Sockets;

namespace RunLogs.EndToEnd.Tests;

/// <summary>What keeps the host from starting, told so that an operator can act on it.</summary>
public sealed class StartTests
{
    [Fact]
    public async Task Every_wrong_setting_is_named_by_its_full_key()
    {
        var (exitCode, output) = await HostProcess.RunToItsEndAsync("RunLogs__Heartbeat=soon", "RunLogs:Limits:PerCaller=0", "RunLogs:Limits:PerColler=5");

        AssertRefused(exitCode, output);
        Assert.Contains("RunLogs:Heartbeat is 'soon'; it must be a duration such as 00:00:15.", output, StringComparison.Ordinal);
        Assert.Contains("RunLogs:Limits:PerCaller is '0'; it must be 1 or more.", output, StringComparison.Ordinal);
        Assert.Contains("RunLogs:Limits:PerColler is not a setting of RunLogs.", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("RunLogs:Contexts:Store=Oracle", "RunLogs:Contexts:Store")]
    [InlineData("RunLogs:Contexts:Store=Postgres", "RunLogs:Contexts:ConnectionString")]
    [InlineData("RunLogs:Contexts:ConnectionString=Host=database;Password=secret", "RunLogs:Contexts:ConnectionString")]
    [InlineData("RunLogs:Chain=Kubernetes;Files", "RunLogs:Chain")]
    [InlineData("Logging:LogLevel:Default=Loud", "Logging:LogLevel:Default is 'Loud'; it must be one of Trace, ")]
    [InlineData("Logging:Console:LogLevel:Default=Loud", "Logging:Console:LogLevel:Default is 'Loud'")]
    public async Task A_wrong_setting_is_named_and_no_secret_told(string setting, string key)
    {
        var (exitCode, output) = await HostProcess.RunToItsEndAsync(setting);

        AssertRefused(exitCode, output);
        Assert.Contains(key, output, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_in_use_is_told_with_the_settings_that_choose_it()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();

        var (exitCode, output) = await HostProcess.RunToItsEndAsync($"Kestrel:Endpoints:Http:Url=http://{other.LocalEndpoint}");

        AssertRefused(exitCode, output);
        Assert.Contains($"http://{other.LocalEndpoint}", output, StringComparison.Ordinal);
        Assert.Contains($"Kestrel:Endpoints:Http:Url is 'http://{other.LocalEndpoint}'", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Kestrel:Endpoints:Http:Url=nonsense", "nonsense")]
    [InlineData("Kestrel:Endpoints:Http:Url=http://192.0.2.1:8090", "http://192.0.2.1:8090")]
    [InlineData("Kestrel:Endpoints:Http:Url=http://127.0.0.1:99999", "99999")]
    [InlineData("Kestrel:Endpoints:Http:Url=", "Kestrel:Endpoints:Http")]
    [InlineData("Kestrel:Endpoints:Http:Url=https://127.0.0.1:0", "certificate")]
    public async Task An_address_that_cannot_be_listened_on_is_told_in_a_sentence(string setting, string named)
    {
        var (exitCode, output) = await HostProcess.RunToItsEndAsync(setting);

        AssertRefused(exitCode, output);
        Assert.Contains(named, output, StringComparison.Ordinal);
        Assert.Contains("Kestrel:Endpoints:", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_data_directory_that_is_a_file_is_told_with_its_setting()
    {
        var file = Path.GetTempFileName();

        var (exitCode, output) = await HostProcess.RunToItsEndAsync($"RunLogs:DataDirectory={file}");

        File.Delete(file);
        AssertRefused(exitCode, output);
        Assert.Contains(file, output, StringComparison.Ordinal);
        Assert.Contains("Set RunLogs:DataDirectory to ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task From_any_working_directory_it_reads_its_own_settings_file()
    {
        await using var host = await HostProcess.StartAsync();

        // Only the file beside the host makes this endpoint speak HTTP/2, and the one in the working directory would keep it from starting.
        var backends = await Backends.ListAsync(host);

        Assert.Equal(["CloudWatch", "Files", "Kubernetes", "Stackdriver"], backends.Select(backend => backend.Name));
    }

    [Fact]
    public async Task Samples_are_not_served_unless_they_are_asked_for()
    {
        await using var host = await HostProcess.StartAsync();

        using var response = await host.Http.PostAsync(
            "/runlogs.v1.LogContextService/ListLogContexts", new StringContent("{}", null, "application/json"), TestContext.Current.CancellationToken);

        Assert.Equal("{}", (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Replace(" ", "", StringComparison.Ordinal));
    }

    private static void AssertRefused(int exitCode, string output)
    {
        Assert.Equal(1, exitCode);
        Assert.Contains("RunLogs cannot start:", output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", output, StringComparison.Ordinal);
    }
}
