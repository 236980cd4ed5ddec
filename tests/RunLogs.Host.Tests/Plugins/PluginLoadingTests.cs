using System.Runtime.Loader;
using RunLogs.Abstractions;
using RunLogs.Host.Plugins;

namespace RunLogs.Host.Tests.Plugins;

public sealed class PluginLoadingTests : IDisposable
{
    private readonly PluginDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_good_plugin_is_active_and_streams()
    {
        _directory.Add("Good");

        await using var host = await CatalogHost.StartAsync(_directory.Path);

        var good = host.Backend("Good");
        Assert.Equal((BackendState.Active, ""), (good.State, good.Reason));
        Assert.Equal((new Version(0, 1, 0, 0), new Version(1, 1, 0, 0), 1ul, "default"), (good.Version, good.AbstractionsVersion, good.Generation!.Number, good.Cluster));
        Assert.Equal(["hello pod", "default", "262144"], await GoodPlugin.TailAsync(host.Catalog));
        Assert.Single(host.Logs.Of("BackendActive"));
    }

    [Theory]
    [InlineData("ThrowsInConstructor", "Malfunctioned", "Plugin ThrowsInConstructor did not load; the host's log has the exception.")]
    [InlineData("ThrowsInCreate", "Malfunctioned", "Plugin ThrowsInCreate could not create its streamer; the host's log has the exception.")]
    [InlineData("NoEntryPoint", "Malfunctioned", "Plugin NoEntryPoint has no entry point: NoEntryPoint.Plugin must be public and have a public constructor without parameters.")]
    [InlineData("TwoEntryPoints", "Malfunctioned", "Plugin TwoEntryPoints has more than one entry point: TwoEntryPoints.First, TwoEntryPoints.Second; keep one public class that implements ILogStreamerPlugin.")]
    [InlineData("BringsItsOwnAbstractions", "Malfunctioned", "Plugin BringsItsOwnAbstractions brings its own copy of RunLogs.Abstractions; build it with Private=false. It has 1.9.0.0, this host 1.1.0.0.")]
    [InlineData("BuiltOnNewerAbstractions", "NotSupported", "Plugin BuiltOnNewerAbstractions needs RunLogs.Abstractions 1.9, this host has 1.1.")]
    [InlineData("UsesNoAbstractions", "Malfunctioned", "UsesNoAbstractions.dll of plugin UsesNoAbstractions does not use RunLogs.Abstractions: it is not a log backend.")]
    [InlineData("InvalidName", "Malfunctioned", "Plugin InvalidName names itself 'not:a name'; a name is letters and digits.")]
    [InlineData("DisabledByItself", "Disabled", "RunLogs:Backends:DisabledByItself:Root is not set.")]
    public async Task A_plugin_that_cannot_serve_says_why_and_harms_nobody(string plugin, string state, string reason)
    {
        _directory.Add(plugin);
        _directory.Add("Good");

        await using var host = await CatalogHost.StartAsync(_directory.Path);

        var backend = host.Backend(plugin);
        Assert.Equal((state, reason), (backend.State.ToString(), backend.Reason));
        Assert.Null(host.Catalog.TryLease(plugin, "default", out var refusal));
        Assert.Equal(reason, refusal);
        Assert.Equal("hello pod", (await GoodPlugin.TailAsync(host.Catalog))[0]);
    }

    [Fact]
    public async Task A_plugin_that_lacks_what_the_host_calls_is_malfunctioned()
    {
        _directory.Add("BuiltOnAnotherShape");

        await using var host = await CatalogHost.StartAsync(_directory.Path);

        var backend = host.Backend("BuiltOnAnotherShape");
        Assert.Equal(BackendState.Malfunctioned, backend.State);
        Assert.Matches("^Plugin BuiltOnAnotherShape does not fit this host: Method '[^']+' in type 'BuiltOnAnotherShape.Plugin' .* Build it again on the host's version.$", backend.Reason);
    }

    [Theory]
    [InlineData("ThrowsInConstructor", "PluginRefused", "InvalidOperationException")]
    [InlineData("ThrowsInCreate", "BackendRefused", "UnauthorizedAccessException")]
    public async Task What_a_plugin_threw_is_logged_once_and_kept_from_clients(string plugin, string eventName, string exception)
    {
        _directory.Add(plugin);

        await using var host = await CatalogHost.StartAsync(_directory.Path);

        var line = Assert.Single(host.Logs.Of(eventName));
        Assert.EndsWith(exception, line, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", host.Backend(plugin).Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("unauthorized", host.Backend(plugin).Reason, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Every_fault_of_a_backends_settings_is_its_reason()
    {
        _directory.Add("Good");

        await using var host = await CatalogHost.StartAsync(_directory.Path, ("RunLogs:Backends:Good:Greeting", ""));

        var good = host.Backend("Good");
        Assert.Equal((BackendState.Malfunctioned, "RunLogs:Backends:Good:Greeting is empty. RunLogs:Backends:Good:Greeting needs a word."), (good.State, good.Reason));
    }

    [Theory]
    [InlineData("false", "Disabled", "RunLogs:Backends:Good:Enabled is false.")]
    [InlineData("perhaps", "Malfunctioned", "RunLogs:Backends:Good:Enabled is 'perhaps'; it must be true or false.")]
    [InlineData("true", "Active", "")]
    public async Task A_backend_can_be_switched_off(string enabled, string state, string reason)
    {
        _directory.Add("Good");

        await using var host = await CatalogHost.StartAsync(_directory.Path, ("RunLogs:Backends:Good:Enabled", enabled));

        var good = host.Backend("Good");
        Assert.Equal((state, reason), (good.State.ToString(), good.Reason));
    }

    [Fact]
    public async Task Two_folders_with_one_name_leave_the_first_in_service()
    {
        _directory.Add("Good", "A");
        _directory.Add("Good", "B");

        await using var host = await CatalogHost.StartAsync(_directory.Path);

        Assert.Equal(BackendState.Active, host.Backend("Good").State);
        Assert.Equal("Plugin B names itself Good, as the plugin in folder A does; remove one of them.", host.Backend("B").Reason);
    }

    [Fact]
    public async Task A_folder_named_as_another_plugin_does_not_stand_in_its_way()
    {
        _directory.Add("ThrowsInConstructor", "Good");
        _directory.Add("Good", "Other");

        await using var host = await CatalogHost.StartAsync(_directory.Path);

        Assert.Equal("hello pod", (await GoodPlugin.TailAsync(host.Catalog))[0]);
    }

    [Fact]
    public async Task A_copy_of_the_hosts_own_abstractions_is_left_unused()
    {
        var folder = _directory.Add("Good");
        File.Copy(typeof(ILogStreamerPlugin).Assembly.Location, Path.Combine(folder, "RunLogs.Abstractions.dll"));

        await using var host = await CatalogHost.StartAsync(_directory.Path);

        Assert.Equal("hello pod", (await GoodPlugin.TailAsync(host.Catalog))[0]);
    }

    [Fact]
    public async Task Each_plugin_is_loaded_into_a_context_of_its_own_that_can_be_unloaded()
    {
        _directory.Add("Good");
        await using var host = await CatalogHost.StartAsync(_directory.Path);

        using var lease = host.Catalog.TryLease("good", "default", out _)!;

        var context = AssemblyLoadContext.GetLoadContext(lease.Streamer.GetType().Assembly)!;
        Assert.NotSame(AssemblyLoadContext.Default, context);
        Assert.True(context.IsCollectible);
        Assert.Empty(lease.Streamer.GetType().Assembly.Location);
    }
}
