using System.Runtime.CompilerServices;
using System.Text;
using RunLogs.Abstractions;
using RunLogs.Testing;

namespace RunLogs.Plugins.Stackdriver.Tests;

/// <summary>Each kind of credentials, found by the plugin loaded as the host loads it, with an environment and a home of its own.</summary>
[Collection(nameof(EnvironmentCollection))]
public sealed class CredentialTests : IAsyncLifetime
{
    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("runlogs-home-");
    private readonly Dictionary<string, string?> _before = [];
    private readonly FakeLoggingNode _node = new();
    private CredentialsServer? _server;

    private CredentialsServer Server => _server!;

    public async ValueTask InitializeAsync()
    {
        await _node.StartAsync();
        _server = await CredentialsServer.StartAsync();
        await _node.RunAsync(Some.Container, Some.Lines(3));
        await _node.EndAsync(Some.Container);
        Set("HOME", _home.FullName);
        Set(Surroundings.CredentialsFile, null);
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
    [InlineData("service account", CredentialsServer.OfServiceAccount, "ServiceAccountCredential")]
    [InlineData("well-known file", CredentialsServer.OfServiceAccount, "ServiceAccountCredential")]
    [InlineData("workload identity federation", CredentialsServer.OfFederation, "FileSourcedExternalAccountCredential")]
    [InlineData("metadata server", CredentialsServer.OfMetadata, "ComputeCredential")]
    public async Task A_loaded_plugin_finds_them(string kind, string token, string type)
    {
        Prepare(kind);
        _node.Logging.Tokens.Clear();
        _node.Logging.Tokens.Add(token);
        using var plugin = new LoadedPlugin();

        Assert.Equal(3, await ReadAsync(plugin));
        Assert.Equal(type, (await plugin.FindCredentialsAsync(_node)).Kind);
    }

    [Fact]
    public async Task A_users_own_are_of_their_kind()
    {
        Write("adc.json", """{"type":"authorized_user","client_id":"1.apps.googleusercontent.com","client_secret":"secret","refresh_token":"1//token","quota_project_id":"billed"}""");
        using var plugin = new LoadedPlugin();

        Assert.Equal("UserCredential", (await plugin.FindCredentialsAsync(_node)).Kind);
    }

    [Fact]
    public async Task A_token_is_asked_for_with_the_scope_that_reads_logs()
    {
        Prepare("service account");
        _node.Logging.Tokens.Clear();
        using var plugin = new LoadedPlugin();

        await ReadAsync(plugin);

        var assertion = Server.Asked.Single().Split("assertion=")[1].Split('&')[0].Split('.')[1].Replace('-', '+').Replace('_', '/');
        var claims = Encoding.UTF8.GetString(Convert.FromBase64String(assertion.PadRight((assertion.Length + 3) / 4 * 4, '=')));
        Assert.Contains("\"https://www.googleapis.com/auth/logging.read\"", claims, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "billed")]
    [InlineData("another", "another")]
    public async Task The_quota_project_goes_with_every_call(string? variable, string expected)
    {
        Prepare("service account", quotaProject: "billed");
        Set("GOOGLE_CLOUD_QUOTA_PROJECT", variable);
        _node.Logging.Tokens.Clear();
        using var plugin = new LoadedPlugin();

        await ReadAsync(plugin);

        Assert.All(_node.Logging.Calls, call => Assert.Equal(expected, call.Headers["x-goog-user-project"]));
    }

    [Theory]
    [InlineData("googleapis.com")]
    [InlineData("example-universe.test")]
    public async Task The_address_is_that_of_the_credentials_universe(string universe)
    {
        Prepare("service account", universe: universe);
        _node.Settings.Remove("Endpoint");
        using var plugin = new LoadedPlugin();

        Assert.Equal(new Uri($"https://logging.{universe}"), (await plugin.FindCredentialsAsync(_node)).Endpoint);
    }

    [Theory]
    [InlineData(400, "invalid_grant", LogStreamError.FailedPrecondition, "BACKEND_UNAUTHENTICATED", "GOOGLE_APPLICATION_CREDENTIALS")]
    [InlineData(401, "invalid_client", LogStreamError.FailedPrecondition, "BACKEND_UNAUTHENTICATED", "GOOGLE_APPLICATION_CREDENTIALS")]
    [InlineData(500, "server_error", LogStreamError.Unavailable, "TOKEN_UNREACHABLE", "oauth2.googleapis.com")]
    public async Task A_refused_token_is_told_apart_from_a_failed_one(int status, string error, LogStreamError expected, string reason, string word)
    {
        Prepare("service account");
        Server.Refusal = (status, error);

        var refusal = await RefusedAsync();

        Assert.Equal((expected, reason), (refusal.Error, refusal.Reason));
        Assert.Contains(word, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Secret", refusal.Message, StringComparison.Ordinal);
        Assert.Empty(_node.Logging.Calls);
    }

    [Fact]
    public async Task A_token_endpoint_that_is_gone_is_unavailable()
    {
        Prepare("service account", tokenUri: "http://127.0.0.1:1/token");

        var refusal = await RefusedAsync();

        Assert.Equal((LogStreamError.Unavailable, "TOKEN_UNREACHABLE"), (refusal.Error, refusal.Reason));
    }

    [Theory]
    [InlineData("none")]
    [InlineData("a file that is not there")]
    [InlineData("a file that is none")]
    [InlineData("a federation without its token")]
    public async Task None_that_work_is_a_failed_precondition_that_says_what_to_give(string what)
    {
        if (what == "a file that is not there")
            Set(Surroundings.CredentialsFile, "/nowhere/key.json");
        else if (what == "a file that is none")
            Write("key.json", "{}");
        else if (what == "a federation without its token")
            Prepare("workload identity federation", subjectToken: "/nowhere/token");

        var refusal = await RefusedAsync();

        Assert.Equal((LogStreamError.FailedPrecondition, "BACKEND_UNAUTHENTICATED"), (refusal.Error, refusal.Reason));
        Assert.Contains("GOOGLE_APPLICATION_CREDENTIALS", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("unauth", refusal.Message, StringComparison.OrdinalIgnoreCase);
    }

    // What the docs state.
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public async Task It_stays_in_memory_once_it_had_credentials(bool reads, bool stays)
    {
        Prepare("service account");
        _node.Logging.Tokens.Clear();

        var context = await UseAsync(reads);

        for (var i = 0; i < 50 && context.IsAlive; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }

        Assert.Equal(stays, context.IsAlive);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private async Task<WeakReference> UseAsync(bool reads)
    {
        using var plugin = new LoadedPlugin();
        if (reads)
            await ReadAsync(plugin);
        else
            await plugin.CreateStreamer(_node).DisposeAsync();

        return plugin.Context;
    }

    private void Prepare(string kind, string? quotaProject = null, string universe = "googleapis.com", string? tokenUri = null, string? subjectToken = null)
    {
        switch (kind)
        {
            case "service account":
                Write("key.json", Key(quotaProject, universe, tokenUri ?? Server.Url + "/token"));
                break;
            case "well-known file":
                Write(".config/gcloud/application_default_credentials.json", Key(quotaProject, universe, Server.Url + "/token"));
                Set(Surroundings.CredentialsFile, null);
                break;
            case "workload identity federation":
                var token = subjectToken ?? Write("token", "the.subject.token");
                Write("federation.json", $$$"""
                    {"type":"external_account","audience":"//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/pool/providers/provider",
                     "subject_token_type":"urn:ietf:params:oauth:token-type:jwt","token_url":"{{{Server.Url}}}/sts","universe_domain":"googleapis.com","credential_source":{"file":"{{{token}}}"}}
                    """);
                break;
            case "metadata server":
                Set("NO_GCE_CHECK", null);
                Set("GCE_METADATA_HOST", new Uri(Server.Url).Authority);
                break;
        }
    }

    private string Key(string? quotaProject, string universe, string tokenUri) => _node.Logging.ServiceAccountKey(quotaProject)
        .Replace(_node.Logging.RestUrl + "/token", tokenUri, StringComparison.Ordinal)
        .Replace("\"universe_domain\":\"googleapis.com\"", $"\"universe_domain\":\"{universe}\"", StringComparison.Ordinal);

    private async Task<LogStreamException> RefusedAsync()
    {
        using var plugin = new LoadedPlugin();
        return await Assert.ThrowsAsync<LogStreamException>(() => ReadAsync(plugin));
    }

    private async Task<int> ReadAsync(LoadedPlugin plugin)
    {
        var output = new CollectingWriter();
        await using var streamer = plugin.CreateStreamer(_node);
        await _node.Within(streamer.TailLogsAsync(_node.Request(Some.Container), output, CancellationToken.None));
        return output.Lines.Count;
    }

    private string Write(string name, string text)
    {
        var file = Path.Combine(_home.FullName, name);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
        if (name.EndsWith(".json", StringComparison.Ordinal))
            Set(Surroundings.CredentialsFile, file);

        return file;
    }

    private void Set(string name, string? value)
    {
        _before.TryAdd(name, Environment.GetEnvironmentVariable(name));
        Environment.SetEnvironmentVariable(name, value);
    }
}
