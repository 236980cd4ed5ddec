using RunLogs.Abstractions;
using RunLogs.Testing;

namespace RunLogs.Plugins.Files.Tests;

public sealed class PluginTests : FilesTests
{
    [Fact]
    public void It_is_an_archive_named_Files()
    {
        var plugin = new FilesPlugin();

        Assert.Equal(("Files", LogSourceKind.Archive), (plugin.Name, plugin.Kind));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Without_a_root_it_is_disabled(string? root)
    {
        var disabled = Assert.Throws<BackendDisabledException>(() => Create(root));

        Assert.Contains("RunLogs:Backends:Files:Root", disabled.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("var/log/pods")]
    [InlineData("/nowhere/at/all")]
    [InlineData("/dev/null")]
    public void A_root_that_is_no_absolute_existing_directory_is_a_fault(string root)
    {
        var fault = Assert.Throws<BackendConfigurationException>(() => Create(root));

        Assert.Contains("RunLogs:Backends:Files:Root", Assert.Single(fault.Faults), StringComparison.Ordinal);
        Assert.Contains(root, fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("/")]
    [InlineData("/nowhere/at/all")]
    public void Settings_it_does_not_know_are_faults_by_their_full_keys(string? root)
    {
        var fault = Assert.Throws<BackendConfigurationException>(() => With(new() { ["Root"] = root, ["Roots"] = "/var/log/pods", ["Retention:Days"] = "3", ["enabled"] = "true" }));

        Assert.Equal(
            [
                "RunLogs:Backends:Files:Retention:Days is not a setting of the Files backend, which has Enabled, Root.",
                "RunLogs:Backends:Files:Roots is not a setting of the Files backend, which has Enabled, Root.",
            ],
            fault.Faults.TakeLast(2));
        Assert.Equal(root == "/nowhere/at/all" ? 3 : 2, fault.Faults.Count);
    }

    [Fact]
    public async Task A_missing_pod_is_not_found_in_words()
    {
        var refusal = await RefusedAsync(Tree.Request(Container));

        Assert.Equal("no log files of pod finished-a0-0 container main in namespace flytesnacks-development", refusal.Message);
        Assert.Equal((LogStreamError.NotFound, "NOT_FOUND"), (refusal.Error, refusal.Reason));
    }

    [Fact]
    public async Task A_root_that_went_away_is_unavailable_and_names_the_setting()
    {
        var root = Directory.CreateTempSubdirectory("runlogs-gone-").FullName;
        await using var streamer = Create(root);
        Directory.Delete(root);

        var refusal = await Assert.ThrowsAsync<LogStreamException>(() => ReadOnceAsync(Tree.Request(Container), streamer));

        Assert.Equal(LogStreamError.Unavailable, refusal.Error);
        Assert.Contains("RunLogs:Backends:Files:Root", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_disposed_streamer_takes_no_more_tails_and_may_be_disposed_again()
    {
        await Tree.RunAsync(Container, Some.Lines(1));
        await Streamer.DisposeAsync();
        await Streamer.DisposeAsync();

        var refusal = await RefusedAsync(Tree.Request(Container));

        Assert.Equal(LogStreamError.Unavailable, refusal.Error);
    }

    private ILogStreamer Create(string? root) => With(new() { ["Root"] = root });

    private ILogStreamer With(Dictionary<string, string?> settings) => new FilesPlugin().Create(Some.PluginContext("Files", Tree.Time, settings));
}
