using System.Runtime.CompilerServices;
using McMaster.NETCore.Plugins;
using RunLogs.Abstractions;
using RunLogs.Testing;
using RunLogs.Testing.CloudWatch;

namespace RunLogs.Plugins.CloudWatch.Tests;

/// <summary>Each kind of credentials, found by the plugin loaded as the host loads it, with an environment and a home of its own.</summary>
[Collection(nameof(EnvironmentCollection))]
public sealed class CredentialTests : IAsyncLifetime
{
    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("runlogs-home-");
    private readonly Dictionary<string, string?> _before = [];
    private readonly FakeLogsNode _node = new();
    private CredentialsServer? _server;

    private CredentialsServer Server => _server!;

    public async ValueTask InitializeAsync()
    {
        await _node.StartAsync();
        _node.Logs.AddKey(CredentialsServer.AccessKey, CredentialsServer.Secret, CredentialsServer.Token);
        _server = await CredentialsServer.StartAsync();
        await _node.RunAsync(Some.Container, Some.Lines(3));
        await _node.EndAsync(Some.Container);
        Set("HOME", _home.FullName);
        Set("AWS_ACCESS_KEY_ID", null);
        Set("AWS_SECRET_ACCESS_KEY", null);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (name, value) in _before)
            Environment.SetEnvironmentVariable(name, value);

        await Server.DisposeAsync();
        await _node.DisposeAsync();
        _home.Delete(recursive: true);
    }

    [Theory]
    [InlineData("environment")]
    [InlineData("profile")]
    [InlineData("named profile")]
    [InlineData("process")]
    [InlineData("assumed role")]
    [InlineData("web identity")]
    [InlineData("single sign-on")]
    [InlineData("pod identity")]
    [InlineData("instance")]
    public async Task A_loaded_plugin_finds_them_and_unloads(string kind)
    {
        Prepare(kind);

        var (lines, context) = await ReadInPluginAsync();

        Assert.Equal(3, lines);
        for (var i = 0; i < 50 && context.IsAlive; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }

        Assert.False(context.IsAlive, "The plugin is still in memory.");
    }

    [Fact]
    public async Task None_at_all_is_a_failed_precondition_that_says_what_to_give()
    {
        Set("AWS_REGION", FakeCloudWatchLogs.Region);
        await using var streamer = _node.CreateStreamer();

        var refusal = await Assert.ThrowsAsync<LogStreamException>(() => ReadAsync(streamer));

        Assert.Equal((LogStreamError.FailedPrecondition, "BACKEND_UNAUTHENTICATED"), (refusal.Error, refusal.Reason));
        Assert.Contains("RunLogs:Backends:CloudWatch:Profile", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_region_is_a_failed_precondition_that_names_the_setting()
    {
        _node.Settings.Remove("Region");
        await using var streamer = _node.CreateStreamer();

        var refusal = await Assert.ThrowsAsync<LogStreamException>(() => ReadAsync(streamer));

        Assert.Equal((LogStreamError.FailedPrecondition, "NO_REGION"), (refusal.Error, refusal.Reason));
        Assert.Contains("RunLogs:Backends:CloudWatch:Region", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Expired_credentials_are_fetched_anew_once()
    {
        Prepare("pod identity");
        await using var streamer = _node.CreateStreamer();
        var refused = false;
        _node.Logs.Before = _ => !refused && (refused = true) ? throw new FakeServiceException("ExpiredTokenException", "expired") : Task.FromResult(false);

        Assert.Equal(3, await ReadAsync(streamer));
        Assert.Equal(2, Server.Asked.Count(request => request.StartsWith("GET /container", StringComparison.Ordinal)));
    }

    // Where the region comes from goes round: variables, the profile, the instance.
    private void Prepare(string kind)
    {
        _node.Settings.Remove("Region");
        const string Keys = $"aws_access_key_id={CredentialsServer.AccessKey}\naws_secret_access_key={CredentialsServer.Secret}\naws_session_token={CredentialsServer.Token}\n";
        const string InRegion = $"region={FakeCloudWatchLogs.Region}\n";
        switch (kind)
        {
            case "environment":
                Set("AWS_ACCESS_KEY_ID", CredentialsServer.AccessKey);
                Set("AWS_SECRET_ACCESS_KEY", CredentialsServer.Secret);
                Set("AWS_SESSION_TOKEN", CredentialsServer.Token);
                Set("AWS_REGION", FakeCloudWatchLogs.Region);
                break;
            case "profile":
                Write("credentials", $"[default]\n{Keys}{InRegion}");
                break;
            case "named profile":
                Write("credentials", $"[default]\naws_access_key_id=another\naws_secret_access_key=another\n[logs]\n{Keys}{InRegion}");
                _node.Settings["Profile"] = "logs";
                break;
            case "process":
                File.WriteAllText(Path.Combine(_home.FullName, "keys.json"), $$"""{"Version":1,"AccessKeyId":"{{CredentialsServer.AccessKey}}","SecretAccessKey":"{{CredentialsServer.Secret}}","SessionToken":"{{CredentialsServer.Token}}"}""");
                Write("config", $"[default]\n{InRegion}credential_process=/bin/cat {_home.FullName}/keys.json\n");
                break;
            case "assumed role":
                Set("AWS_ENDPOINT_URL_STS", Server.Url);
                Write("config", $"[default]\n{InRegion}role_arn=arn:aws:iam::123456789012:role/the-role\nsource_profile=source\n[profile source]\naws_access_key_id=source\naws_secret_access_key=source\n");
                break;
            case "web identity":
                Set("AWS_ENDPOINT_URL_STS", Server.Url);
                Set("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/the-role");
                Set("AWS_WEB_IDENTITY_TOKEN_FILE", Write("token", "the.web.token"));
                Set("AWS_DEFAULT_REGION", FakeCloudWatchLogs.Region);
                break;
            case "single sign-on":
                Set("AWS_ENDPOINT_URL_SSO", Server.Url);
                Write("config", $"[default]\n{InRegion}sso_session=corp\nsso_account_id=123456789012\nsso_role_name=reader\n[sso-session corp]\nsso_region={FakeCloudWatchLogs.Region}\nsso_start_url=https://corp.example/start\n");
                // The file is named by the SHA-1 of the session's name.
                Write("sso/cache/ee0bfd2552fbd840c02cc48b6e823320543c450f.json",
                    $$"""{"startUrl":"https://corp.example/start","region":"{{FakeCloudWatchLogs.Region}}","accessToken":"sso-token","expiresAt":"{{TimeProvider.System.GetUtcNow().AddHours(8):yyyy-MM-ddTHH:mm:ssZ}}"}""");
                break;
            case "pod identity":
                Set("AWS_CONTAINER_CREDENTIALS_FULL_URI", Server.Url + "/container");
                Set("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", Write("token", "pod-token"));
                Set("AWS_REGION", FakeCloudWatchLogs.Region);
                break;
            case "instance":
                Set("AWS_EC2_METADATA_DISABLED", null);
                Set("AWS_EC2_METADATA_SERVICE_ENDPOINT", Server.Url);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private async Task<(int Lines, WeakReference Context)> ReadInPluginAsync()
    {
        var built = Path.Combine(OutsideProgram.Clients, "../../../plugins/CloudWatch", Path.GetRelativePath(Path.Combine(AppContext.BaseDirectory, "../../.."), AppContext.BaseDirectory), "RunLogs.Plugins.CloudWatch.dll");
        using var loader = PluginLoader.CreateFromAssemblyFile(Path.GetFullPath(built), isUnloadable: true, [typeof(ILogStreamerPlugin)], config => config.LoadInMemory = true);
        var type = loader.LoadDefaultAssembly().GetTypes().Single(type => type.IsPublic && type.IsAssignableTo(typeof(ILogStreamerPlugin)));
        Assert.False(type == typeof(CloudWatchPlugin), "The plugin is not isolated.");
        var plugin = (ILogStreamerPlugin)Activator.CreateInstance(type)!;
        await using var streamer = plugin.Create(Some.PluginContext("CloudWatch", _node.Time, _node.Settings));
        return (await ReadAsync(streamer), new WeakReference(loader.LoadContext));
    }

    private async Task<int> ReadAsync(ILogStreamer streamer)
    {
        var output = new CollectingWriter();
        await _node.Within(streamer.TailLogsAsync(_node.Request(Some.Container), output, CancellationToken.None));
        return output.Lines.Count;
    }

    private string Write(string name, string text)
    {
        var file = Path.Combine(_home.FullName, ".aws", name);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
        return file;
    }

    private void Set(string name, string? value)
    {
        _before.TryAdd(name, Environment.GetEnvironmentVariable(name));
        Environment.SetEnvironmentVariable(name, value);
    }
}
