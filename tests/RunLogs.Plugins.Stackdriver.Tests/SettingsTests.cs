using RunLogs.Abstractions;
using RunLogs.Testing;

namespace RunLogs.Plugins.Stackdriver.Tests;

public sealed class SettingsTests
{
    private const string Section = "RunLogs:Backends:Stackdriver";

    [Fact]
    public void It_is_an_archive_named_Stackdriver()
    {
        var plugin = new StackdriverPlugin();

        Assert.Equal(("Stackdriver", LogSourceKind.Archive), (plugin.Name, plugin.Kind));
    }

    [Fact]
    public void Without_any_setting_it_is_disabled()
    {
        var disabled = Assert.Throws<BackendDisabledException>(() => Read([]));

        Assert.Contains($"{Section}:ProjectId", disabled.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_fault_is_told_at_once_with_its_full_key()
    {
        var refusal = Assert.Throws<BackendConfigurationException>(() => Read(new()
        {
            ["ProjectId"] = "My Project",
            ["Endpoint"] = "logging.googleapis.com",
            ["ClusterName"] = "a\nb",
            ["Location"] = "a\0b",
            ["MessageKeys"] = ",",
            ["WholeJson"] = "perhaps",
        }));

        string[] keys = ["ProjectId", "Endpoint", "ClusterName", "Location", "MessageKeys", "WholeJson"];
        Assert.Equal(keys.Length, refusal.Faults.Count);
        Assert.All(keys.Zip(refusal.Faults), fault => Assert.StartsWith($"{Section}:{fault.First} ", fault.Second, StringComparison.Ordinal));
        Assert.DoesNotContain(refusal.Message.Replace("\n", "", StringComparison.Ordinal), char.IsControl);
    }

    [Theory]
    [InlineData("projects/a")]
    [InlineData("a\"b")]
    [InlineData("A")]
    [InlineData("a b")]
    public void A_project_is_named_by_its_id(string project) => Assert.Contains("ProjectId", Assert.Throws<BackendConfigurationException>(() => Read(new() { ["ProjectId"] = project })).Message, StringComparison.Ordinal);

    [Fact]
    public void Settings_without_a_project_are_a_fault() =>
        Assert.Contains($"{Section}:ProjectId is missing", Assert.Throws<BackendConfigurationException>(() => Read(new() { ["ClusterName"] = "a" })).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("http://logging.internal")]
    [InlineData("https://logging.internal/v2")]
    [InlineData("https://user@logging.internal")]
    [InlineData("ftp://logging.internal")]
    public void An_endpoint_that_would_give_tokens_away_or_is_none_is_refused(string endpoint) =>
        Assert.Contains($"{Section}:Endpoint", Assert.Throws<BackendConfigurationException>(() => Read(new() { ["ProjectId"] = "a", ["Endpoint"] = endpoint })).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("https://logging-psc.p.googleapis.com")]
    [InlineData("http://127.0.0.1:8085")]
    [InlineData("http://localhost:8085/")]
    public void An_endpoint_may_be_another(string endpoint) => Assert.Equal(new Uri(endpoint), Read(new() { ["ProjectId"] = "example.com:a", ["Endpoint"] = endpoint }).Endpoint);

    [Fact]
    public void The_clusters_name_in_RunLogs_stands_for_that_in_GKE()
    {
        var settings = Read(new() { ["ProjectId"] = "a" });

        Assert.Equal(("a", "the-cluster", null, false), (settings.ProjectId, settings.ClusterName, settings.Location, settings.WholeJson));
        Assert.Equal(["message", "msg", "log"], settings.MessageKeys);
    }

    private static StackdriverSettings Read(Dictionary<string, string?> settings) => StackdriverSettings.Read(Some.PluginContext("Stackdriver", TimeProvider.System, settings).Configuration, "the-cluster");
}
