using RunLogs.Abstractions;
using RunLogs.Testing;
using RunLogs.Testing.Kubernetes;

namespace RunLogs.Plugins.Kubernetes.Tests;

public sealed class KubernetesPluginTests : IDisposable
{
    private const string Section = "RunLogs:Backends:Kubernetes";

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("kubernetes-plugin-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void It_is_the_live_backend_Kubernetes()
    {
        var plugin = new KubernetesPlugin();

        Assert.Equal(("Kubernetes", LogSourceKind.Live), (plugin.Name, plugin.Kind));
    }

    [Fact]
    public void Every_fault_is_told_at_once_by_its_full_key()
    {
        var fault = Assert.Throws<BackendConfigurationException>(() => Create(new()
        {
            ["KubeConfig"] = "/nowhere/config",
            ["HeaderTimeout"] = "soon",
            ["WaitForStart"] = "0",
            ["Kubeconfig2"] = "/etc/kubeconfig",
            ["Context:Name"] = "prod",
            ["enabled"] = "true",
        }));

        Assert.Collection(
            fault.Faults,
            one => Assert.StartsWith($"{Section}:KubeConfig names /nowhere/config", one, StringComparison.Ordinal),
            one => Assert.StartsWith($"{Section}:HeaderTimeout is \"soon\"", one, StringComparison.Ordinal),
            one => Assert.StartsWith($"{Section}:WaitForStart is \"0\"", one, StringComparison.Ordinal),
            one => Assert.Equal($"{Section}:Context:Name is not a setting of the Kubernetes backend, which has Enabled, KubeConfig, Context, HeaderTimeout, WaitForStart.", one),
            one => Assert.StartsWith($"{Section}:Kubeconfig2 is not a setting", one, StringComparison.Ordinal));
    }

    [Fact]
    public void A_context_the_file_does_not_know_is_a_fault_of_that_setting()
    {
        var file = KubeConfig("one", "https://one.invalid");

        var fault = Assert.Throws<BackendConfigurationException>(() => Create(new() { ["KubeConfig"] = file, ["Context"] = "nope" }));

        var sentence = Assert.Single(fault.Faults);
        Assert.StartsWith($"{Section}:Context cannot be used with {file}", sentence, StringComparison.Ordinal);
        Assert.Contains("nope", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_kubeconfig_is_a_fault_that_does_not_quote_it()
    {
        var file = Path.Combine(_directory.FullName, "garbage");
        File.WriteAllText(file, "secret-token: [ {");

        var fault = Assert.Throws<BackendConfigurationException>(() => Create(new() { ["KubeConfig"] = file }));

        var sentence = Assert.Single(fault.Faults);
        Assert.StartsWith($"{Section}:KubeConfig", sentence, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_any_configuration_it_is_disabled_and_says_what_would_enable_it()
    {
        var disabled = Assert.Throws<BackendDisabledException>(() => Find(new(), new() { KubeConfigVariable = ["/nowhere"], KubeConfigOfUser = "/nowhere/.kube/config" }));

        Assert.Contains($"{Section}:KubeConfig", disabled.Message, StringComparison.Ordinal);
        Assert.Contains("/nowhere/.kube/config", disabled.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void KUBECONFIG_comes_before_the_users_own_file()
    {
        var surroundings = new ClusterSurroundings
        {
            KubeConfigVariable = ["/nowhere", KubeConfig("one", "https://one.invalid"), KubeConfig("two", "https://two.invalid")],
            KubeConfigOfUser = KubeConfig("mine", "https://mine.invalid"),
        };

        Assert.Equal("https://one.invalid", Find(new(), surroundings).Host);
        Assert.Equal("https://two.invalid", Find(new() { ["Context"] = "two" }, surroundings).Host);
        Assert.Equal("https://mine.invalid", Find(new(), new() { KubeConfigOfUser = surroundings.KubeConfigOfUser }).Host);
    }

    [Fact]
    public void The_settings_come_before_everything_else()
    {
        var surroundings = new ClusterSurroundings { InCluster = true, KubeConfigVariable = [KubeConfig("one", "https://one.invalid")] };

        Assert.Equal("https://set.invalid", Find(new() { ["KubeConfig"] = KubeConfig("set", "https://set.invalid") }, surroundings).Host);
        Assert.Equal("https://one.invalid", Find(new() { ["Context"] = "one" }, surroundings).Host);
    }

    [Fact]
    public async Task Creating_a_streamer_asks_nothing_of_the_cluster()
    {
        await using var api = await FakeKubernetesApi.StartAsync(tls: true);

        await using var streamer = Create(new() { ["KubeConfig"] = api.KubeConfigPath });

        Assert.Empty(api.Requests);
    }

    [Fact]
    public async Task A_credential_plugin_runs_with_the_first_request_and_its_failure_is_told()
    {
        var file = KubeConfig("exec", "https://127.0.0.1:1", """{ "exec": { "apiVersion": "client.authentication.k8s.io/v1", "command": "/nowhere/get-token" } }""");
        await using var streamer = Create(new() { ["KubeConfig"] = file });
        var request = new TailRequest { Cluster = "default", Namespace = "rig", Pod = "ticker", Container = "c" };

        var refusal = await Assert.ThrowsAsync<LogStreamException>(() => streamer.TailLogsAsync(request, new CollectingWriter(), CancellationToken.None).WaitAsync(FakeNode.Patience));

        Assert.Equal((LogStreamError.PermissionDenied, "BACKEND_UNAUTHENTICATED"), (refusal.Error, refusal.Reason));
    }

    [Fact]
    public async Task A_disposed_streamer_has_ended_its_tails_and_takes_no_more()
    {
        await using var api = await FakeKubernetesApi.StartAsync();
        api.AddPod("rig", "ticker").Container("c");
        var streamer = Create(new() { ["KubeConfig"] = api.KubeConfigPath });
        var request = new TailRequest { Cluster = "default", Namespace = "rig", Pod = "ticker", Container = "c" };
        var tail = streamer.TailLogsAsync(request, new CollectingWriter(), TestContext.Current.CancellationToken);
        await api.StreamsOpenAsync(1).WaitAsync(FakeNode.Patience, TestContext.Current.CancellationToken);

        await streamer.DisposeAsync().AsTask().WaitAsync(FakeNode.Patience, TestContext.Current.CancellationToken);
        await streamer.DisposeAsync();

        var ended = await Assert.ThrowsAsync<LogStreamException>(() => tail.WaitAsync(FakeNode.Patience, TestContext.Current.CancellationToken));
        var refusal = await Assert.ThrowsAsync<LogStreamException>(() => streamer.TailLogsAsync(request, new CollectingWriter(), TestContext.Current.CancellationToken));
        Assert.All([ended, refusal], error => Assert.Equal((LogStreamError.Unavailable, "SHUTTING_DOWN"), (error.Error, error.Reason)));
    }

    private static ILogStreamer Create(Dictionary<string, string?> settings) => new KubernetesPlugin().Create(Some.PluginContext("Kubernetes", TimeProvider.System, settings));

    private static k8s.KubernetesClientConfiguration Find(Dictionary<string, string?> settings, ClusterSurroundings surroundings) =>
        ClusterConfiguration.Find(KubernetesSettings.Read(Some.PluginContext("Kubernetes", TimeProvider.System, settings).Configuration), Section, surroundings);

    private string KubeConfig(string name, string server, string user = """{ "token": "t" }""")
    {
        var file = Path.Combine(_directory.FullName, name);
        File.WriteAllText(file, $$"""
            { "apiVersion": "v1", "kind": "Config", "current-context": "{{name}}",
              "clusters": [{ "name": "{{name}}", "cluster": { "server": "{{server}}" } }],
              "users": [{ "name": "{{name}}", "user": {{user}} }],
              "contexts": [{ "name": "{{name}}", "context": { "cluster": "{{name}}", "user": "{{name}}" } }] }
            """);
        return file;
    }
}
