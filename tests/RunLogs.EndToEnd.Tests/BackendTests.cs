using System.Net;
using RunLogs.Protos.V1;
using RunLogs.Testing.Kubernetes;
using State = RunLogs.Protos.V1.Backend.Types.State;

namespace RunLogs.EndToEnd.Tests;

/// <summary>Backends that cannot work: the host says why and serves with the others.</summary>
public sealed class BackendTests
{
    // A host that is not ready also says why in its log.
    private const string NotReady = "Microsoft.Extensions.Diagnostics.HealthChecks";

    [Fact]
    public async Task Without_a_kubeconfig_Kubernetes_is_disabled_and_the_host_serves()
    {
        await using var host = await HostProcess.StartAsync();

        var kubernetes = await FindAsync(host, "Kubernetes");

        Assert.Equal(State.Disabled, kubernetes.State);
        Assert.Contains("RunLogs:Backends:Kubernetes:KubeConfig", kubernetes.Reason, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await ReadyAsync(host)).Status);
    }

    [Fact]
    public async Task Garbage_among_the_plugins_is_listed_with_its_reason_beside_the_good_ones()
    {
        using var plugins = new OwnPlugins();
        plugins.Add("Empty");
        var truncated = plugins.Add("Truncated");
        File.Copy(Path.Combine(OwnPlugins.Published, "Files", "RunLogs.Plugins.Files.deps.json"), Path.Combine(truncated, "RunLogs.Plugins.Files.deps.json"));
        await File.WriteAllBytesAsync(Path.Combine(truncated, "RunLogs.Plugins.Files.dll"), (await File.ReadAllBytesAsync(Path.Combine(OwnPlugins.Published, "Files", "RunLogs.Plugins.Files.dll"))).AsMemory(0, 5000));
        var twice = plugins.Add("Twice");
        await File.WriteAllTextAsync(Path.Combine(twice, "A.deps.json"), "{}");
        await File.WriteAllTextAsync(Path.Combine(twice, "B.deps.json"), "{}");
        await File.WriteAllTextAsync(Path.Combine(plugins.Path, "notes.txt"), "not a folder");
        await using var api = await FakeKubernetesApi.StartAsync();

        await using (var host = await HostProcess.StartAsync(
            $"RunLogs:PluginDirectory={plugins.Path}", $"RunLogs:Backends:Kubernetes:KubeConfig={api.KubeConfigPath}", $"RunLogs:Backends:Files:Root={plugins.Path}"))
        {
            Assert.Equal(
                [
                    ("Kubernetes", State.Active, ""),
                    ("Files", State.Active, ""),
                    ("CloudWatch", State.Disabled, "Set RunLogs:Backends:CloudWatch:ClusterName to the EKS cluster whose Container Insights logs are in CloudWatch, or RunLogs:Backends:CloudWatch:LogGroup to another log group."),
                    ("Empty", State.Malfunctioned, "The folder of plugin Empty holds no *.deps.json: build it with EnableDynamicLoading and copy all of its output."),
                    ("Stackdriver", State.Disabled, "Set RunLogs:Backends:Stackdriver:ProjectId to the Google Cloud project whose Cloud Logging has the GKE cluster's logs."),
                    ("Truncated", State.Malfunctioned, "RunLogs.Plugins.Files.dll of plugin Truncated is not a whole .NET assembly: copy it again."),
                    ("Twice", State.Malfunctioned, "The folder of plugin Twice holds more than one *.deps.json (A.deps.json, B.deps.json): give each plugin a folder of its own."),
                ],
                (await Backends.ListAsync(host)).Select(backend => (backend.Name, backend.State, backend.Reason)));
            Assert.Equal(HttpStatusCode.OK, (await ReadyAsync(host)).Status);
        }
    }

    [Fact]
    public async Task A_plugin_directory_that_is_missing_leaves_a_host_that_says_so()
    {
        await using var host = await HostProcess.StartAsync("RunLogs:PluginDirectory=/does/not/exist");

        Assert.Empty(await Backends.ListAsync(host));
        Assert.Contains("RunLogs:PluginDirectory is /does/not/exist, which cannot be read.", host.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_setting_of_a_required_backend_is_named_and_the_host_not_ready()
    {
        await using var host = await HostProcess.StartAsync("RunLogs:Backends:Files:Root=/does/not/exist", "RunLogs:RequiredBackends=Files");
        host.ExpectedErrors.Add(NotReady);

        var files = await FindAsync(host, "Files");

        Assert.Equal((State.Malfunctioned, true), (files.State, files.Required));
        Assert.Equal("RunLogs:Backends:Files:Root is '/does/not/exist', which is not a directory that exists.", files.Reason);
        var (status, body) = await ReadyAsync(host);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Contains($"Files on cluster default is Malfunctioned: {files.Reason}", body, StringComparison.Ordinal);
        using var alive = await host.Http.GetAsync("/healthz", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, alive.StatusCode);
    }

    [Fact]
    public async Task A_required_backend_without_a_plugin_keeps_the_host_from_being_ready()
    {
        await using var host = await HostProcess.StartAsync("RunLogs:RequiredBackends=Nowhere");
        host.ExpectedErrors.Add(NotReady);

        var (status, body) = await ReadyAsync(host);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Contains("RunLogs:RequiredBackends names Nowhere, which no plugin offers.", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_backend_that_is_switched_off_is_disabled()
    {
        await using var host = await HostProcess.StartAsync("RunLogs:Backends:Files:Enabled=false", "RunLogs:Backends:Files:Root=/does/not/exist");

        var files = await FindAsync(host, "Files");

        Assert.Equal((State.Disabled, "RunLogs:Backends:Files:Enabled is false."), (files.State, files.Reason));
    }

    private static async Task<Backend> FindAsync(HostProcess host, string name) => Assert.Single(await Backends.ListAsync(host), backend => backend.Name == name);

    private static async Task<(HttpStatusCode Status, string Body)> ReadyAsync(HostProcess host)
    {
        using var response = await host.Http.GetAsync("/readyz", TestContext.Current.CancellationToken);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
