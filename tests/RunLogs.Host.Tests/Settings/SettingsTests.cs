using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using RunLogs.Host.Settings;

namespace RunLogs.Host.Tests.Settings;

public sealed class SettingsTests
{
    [Fact]
    public void Nothing_set_gives_the_defaults_beside_the_host()
    {
        var options = Read();

        Assert.Equal(Path.Combine(AppContext.BaseDirectory, "data"), options.DataDirectory);
        Assert.Equal(Path.Combine(AppContext.BaseDirectory, "plugins"), options.PluginDirectory);
        Assert.Equal((TimeSpan.FromSeconds(15), 100, "Sqlite", ""), (options.Heartbeat, options.Limits.MaxConcurrentStreams, options.Contexts.Store, options.Chain));
    }

    [Fact]
    public void What_is_set_is_read_whatever_its_case()
    {
        var options = Read(
            ("RunLogs:DataDirectory", "/var/lib/runlogs"), ("RunLogs:heartbeat", "00:00:05"), ("RunLogs:KeepLineEnd", "False"),
            ("RunLogs:Limits:MaxLineBytes", "1024"), ("RunLogs:Archive:LagLimit", "01:00:00"), ("RunLogs:Retry:WhileFollowing", "00:10:00"),
            ("RunLogs:Plugins:DrainLimit", "00:00:01"), ("RunLogs:Cors:Origins", "https://console.example.com, http://localhost:3000"), ("RunLogs:Contexts:ConnectionString", "Data Source=x"),
            ("RunLogs:Backends:Files:Root", "/logs"), ("RunLogs:Clusters:West:Backends:Files:Any:Thing", "1"), ("RunLogs:Clusters:West:Chain", "Files"), ("RunLogs:Projects:P:Chain", "A,B"));

        Assert.Equal(("/var/lib/runlogs", TimeSpan.FromSeconds(5), false, 1024), (options.DataDirectory, options.Heartbeat, options.KeepLineEnd, options.Limits.MaxLineBytes));
        Assert.Equal((TimeSpan.FromHours(1), TimeSpan.FromMinutes(10), TimeSpan.FromSeconds(1), "Data Source=x"),
            (options.Archive.LagLimit, options.Retry.WhileFollowing, options.Plugins.DrainLimit, options.Contexts.ConnectionString));
        Assert.Equal("https://console.example.com, http://localhost:3000", options.Cors.Origins);
        Assert.Equal(("/logs", "1", "Files", "A,B"),
            (options.Backends!["Files:Root"], options.Clusters["west"].Backends!["Files:Any:Thing"], options.Clusters["WEST"].Chain, options.Projects["p"].Chain));
    }

    [Theory]
    [InlineData("RunLogs:Heartbeat", "soon", "RunLogs:Heartbeat is 'soon'; it must be a duration such as 00:00:15.")]
    [InlineData("RunLogs:Heartbeat", "0", "RunLogs:Heartbeat is '0'; it must be more than zero and at most a day, such as 00:00:15.")]
    [InlineData("RunLogs:Heartbeat", "15", "RunLogs:Heartbeat is '15'; it must be more than zero and at most a day, such as 00:00:15.")]
    [InlineData("RunLogs:Archive:QuietPeriod", "-00:00:01", "RunLogs:Archive:QuietPeriod is '-00:00:01'; it must be more than zero and at most a day, such as 00:00:15.")]
    [InlineData("RunLogs:Archive:MinimumAfterEnd", "0", "RunLogs:Archive:MinimumAfterEnd is '0'; it must be more than zero and at most a day, such as 00:00:15.")]
    [InlineData("RunLogs:Archive:LagLimit", "0", "RunLogs:Archive:LagLimit is '0'; it must be more than zero and at most a day, such as 00:00:15.")]
    [InlineData("RunLogs:Retry:BeforeFirstLine", "0", "RunLogs:Retry:BeforeFirstLine is '0'; it must be more than zero and at most a day, such as 00:00:15.")]
    [InlineData("RunLogs:Retry:WhileFollowing", "0", "RunLogs:Retry:WhileFollowing is '0'; it must be more than zero and at most a day, such as 00:00:15.")]
    [InlineData("RunLogs:Plugins:PollInterval", "0", "RunLogs:Plugins:PollInterval is '0'; it must be more than zero and at most a day, such as 00:00:15.")]
    [InlineData("RunLogs:Plugins:DrainLimit", "0", "RunLogs:Plugins:DrainLimit is '0'; it must be more than zero and at most a day, such as 00:00:15.")]
    [InlineData("RunLogs:KeepLineEnd", "yes", "RunLogs:KeepLineEnd is 'yes'; it must be true or false.")]
    [InlineData("RunLogs:Limits:MaxConcurrentStreams", "0", "RunLogs:Limits:MaxConcurrentStreams is '0'; it must be 1 or more.")]
    [InlineData("RunLogs:Limits:MaxConcurrentStreams", "many", "RunLogs:Limits:MaxConcurrentStreams is 'many'; it must be a whole number.")]
    [InlineData("RunLogs:Limits:MaxConcurrentStreams", "0x10", "RunLogs:Limits:MaxConcurrentStreams is '0x10'; it must be a whole number.")]
    [InlineData("RunLogs:Limits:PerCaller", "0", "RunLogs:Limits:PerCaller is '0'; it must be 1 or more.")]
    [InlineData("RunLogs:Limits:ClientBufferBytes", "65535", "RunLogs:Limits:ClientBufferBytes is '65535'; it must be 65536 (64 KiB) or more.")]
    [InlineData("RunLogs:Limits:MaxLineBytes", "1023", "RunLogs:Limits:MaxLineBytes is '1023'; it must be 1024 (1 KiB) to 1048576 (1 MiB).")]
    [InlineData("RunLogs:Limits:MaxLineBytes", "1048577", "RunLogs:Limits:MaxLineBytes is '1048577'; it must be 1024 (1 KiB) to 1048576 (1 MiB).")]
    [InlineData("RunLogs:Contexts:Store", "Oracle", "RunLogs:Contexts:Store is 'Oracle'; it must be Sqlite, Postgres, FlyteDatabase or FlyteRunService.")]
    [InlineData("RunLogs:Contexts:AreOwn", "true", "RunLogs:Contexts:AreOwn is not a setting of RunLogs.")]
    [InlineData("RunLogs:Contexts:WaitForStart", "0", "RunLogs:Contexts:WaitForStart is '0'; it must be more than zero and at most a day, such as 00:00:15.")]
    [InlineData("RunLogs:Flyte:Endpoint", "https://u:hunter2@flyte.example.com", "RunLogs:Flyte:Endpoint is not what it should be; it must be an address such as https://flyte.example.com, without a user, a query or a fragment.")]
    [InlineData("RunLogs:Flyte:Endpoint", "flyte.example.com:8090", "RunLogs:Flyte:Endpoint is not what it should be; it must be an address such as https://flyte.example.com, without a user, a query or a fragment.")]
    [InlineData("RunLogs:Flyte:CredentialHeaders", "authorization: x", "RunLogs:Flyte:CredentialHeaders is 'authorization: x'; it must be names of HTTP headers separated by commas, such as authorization, cookie.")]
    [InlineData("RunLogs:AdvertisedUrl", "/logs", "RunLogs:AdvertisedUrl is not what it should be; it must be an address such as https://flyte.example.com, without a user, a query or a fragment.")]
    [InlineData("RunLogs:KnownProxies", "10.0.0.0/40", "RunLogs:KnownProxies is '10.0.0.0/40'; it must be IP addresses or networks separated by commas, such as 10.0.0.7, 10.1.0.0/16.")]
    [InlineData("RunLogs:KnownProxies", "proxy", "RunLogs:KnownProxies is 'proxy'; it must be IP addresses or networks separated by commas, such as 10.0.0.7, 10.1.0.0/16.")]
    [InlineData("RunLogs:Chain", "Kubernetes,,Files", "RunLogs:Chain is 'Kubernetes,,Files'; it must be names of backends separated by commas, such as Kubernetes, Files.")]
    [InlineData("RunLogs:RequiredBackends", "Kubernetes;Files", "RunLogs:RequiredBackends is 'Kubernetes;Files'; it must be names of backends separated by commas, such as Kubernetes, Files.")]
    [InlineData("RunLogs:Clusters:west:Chain", "/", "RunLogs:Clusters:west:Chain is '/'; it must be names of backends separated by commas, such as Kubernetes, Files.")]
    [InlineData("RunLogs:Projects:p:Chain", "/", "RunLogs:Projects:p:Chain is '/'; it must be names of backends separated by commas, such as Kubernetes, Files.")]
    [InlineData("RunLogs:Cors:Origins", "*", "RunLogs:Cors:Origins is '*'; it must be origins separated by commas, each a scheme, a host and at most a port, such as https://flyte.example.com.")]
    [InlineData("RunLogs:Cors:Origins", "https://console.example.com/", "RunLogs:Cors:Origins is 'https://console.example.com/'; it must be origins separated by commas, each a scheme, a host and at most a port, such as https://flyte.example.com.")]
    [InlineData("RunLogs:Cors:Origins", "console.example.com", "RunLogs:Cors:Origins is 'console.example.com'; it must be origins separated by commas, each a scheme, a host and at most a port, such as https://flyte.example.com.")]
    [InlineData("RunLogs:Cors:Origins", "https://a.example.com,,https://b.example.com", "RunLogs:Cors:Origins is 'https://a.example.com,,https://b.example.com'; it must be origins separated by commas, each a scheme, a host and at most a port, such as https://flyte.example.com.")]
    [InlineData("RunLogs:Cors:Origins", "null", "RunLogs:Cors:Origins is 'null'; it must be origins separated by commas, each a scheme, a host and at most a port, such as https://flyte.example.com.")]
    [InlineData("RunLogs:Cors:Origins", "ftp://a.example.com", "RunLogs:Cors:Origins is 'ftp://a.example.com'; it must be origins separated by commas, each a scheme, a host and at most a port, such as https://flyte.example.com.")]
    [InlineData("RunLogs:DataDirectory", "", "RunLogs:DataDirectory is ''; it must be a directory.")]
    [InlineData("RunLogs:DefaultCluster", "", "RunLogs:DefaultCluster is ''; it must be a cluster's name.")]
    [InlineData("RunLogs:CursorKey", "my-short-secret", "RunLogs:CursorKey is not what it should be; it must be a secret of 32 characters or more, or several of them separated by commas.")]
    [InlineData("RunLogs:CursorKey", "0123456789abcdef0123456789abcdef,", "RunLogs:CursorKey is not what it should be; it must be a secret of 32 characters or more, or several of them separated by commas.")]
    [InlineData("RunLogs:Heartbeet", "00:00:15", "RunLogs:Heartbeet is not a setting of RunLogs.")]
    [InlineData("RunLogs:Limit:MaxLineBytes", "1024", "RunLogs:Limit:MaxLineBytes is not a setting of RunLogs.")]
    [InlineData("RunLogs:Heartbeat:Seconds", "15", "RunLogs:Heartbeat:Seconds is not a setting of RunLogs.", "RunLogs:Heartbeat has no value.")]
    [InlineData("RunLogs:Clusters:west:Chian", "Files", "RunLogs:Clusters:west:Chian is not a setting of RunLogs.")]
    [InlineData("RunLogs:Limits", "100", "RunLogs:Limits is a section, not a value.")]
    [InlineData("RunLogs:Clusters", "west", "RunLogs:Clusters is a section, not a value.")]
    [InlineData("RunLogs:Projects:p", "Files", "RunLogs:Projects:p is a section, not a value.")]
    [InlineData("RunLogs:Chain", null, "RunLogs:Chain has no value.")]
    public void A_wrong_setting_is_told_by_its_full_key(string key, string? value, params string[] faults)
    {
        var refusal = Assert.Throws<SettingsFaultsException>(() => Read((key, value)));

        Assert.Equal(faults, refusal.Faults);
    }

    [Fact]
    public void All_faults_are_told_at_once_one_a_line()
    {
        var refusal = Assert.Throws<SettingsFaultsException>(() => Read(("RunLogs:Heartbeat", "soon"), ("RunLogs:Nonsense", "1"), ("RunLogs:Limits:PerCaller", "0")));

        Assert.Equal(
            string.Join(Environment.NewLine,
                "RunLogs:Heartbeat is 'soon'; it must be a duration such as 00:00:15.",
                "RunLogs:Limits:PerCaller is '0'; it must be 1 or more.",
                "RunLogs:Nonsense is not a setting of RunLogs."),
            refusal.Message);
    }

    [Fact]
    public async Task A_host_with_wrong_settings_does_not_start()
    {
        using var host = Build(("RunLogs:Heartbeat", "soon"));

        await Assert.ThrowsAsync<SettingsFaultsException>(() => host.StartAsync().WaitAsync(TimeSpan.FromSeconds(30)));
    }

    private static RunLogsOptions Read(params (string Key, string? Value)[] settings)
    {
        using var host = Build(settings);
        return host.RequireSettings();
    }

    private static IHost Build(params (string Key, string? Value)[] settings)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, setting.Value)));
        builder.AddRunLogsSettings();
        return builder.Build();
    }
}
