using RunLogs.Host.Plugins;

namespace RunLogs.Host.Tests.Plugins;

public sealed class PluginFolderTests : IDisposable
{
    private readonly PluginDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task An_empty_folder_says_what_it_lacks()
    {
        _directory.AddEmpty("Empty");

        Assert.Equal("The folder of plugin Empty holds no *.deps.json: build it with EnableDynamicLoading and copy all of its output.", await ReasonOfAsync("Empty"));
    }

    [Fact]
    public async Task A_folder_without_dependencies_file_says_what_it_lacks()
    {
        File.Delete(Path.Combine(_directory.Add("Good"), "Good.deps.json"));

        Assert.Equal("The folder of plugin Good holds no *.deps.json: build it with EnableDynamicLoading and copy all of its output.", await ReasonOfAsync("Good"));
    }

    [Fact]
    public async Task A_folder_with_two_plugins_names_them()
    {
        var folder = _directory.Add("Good");
        File.Copy(Path.Combine(folder, "Good.deps.json"), Path.Combine(folder, "Another.deps.json"));

        Assert.Equal("The folder of plugin Good holds more than one *.deps.json (Another.deps.json, Good.deps.json): give each plugin a folder of its own.", await ReasonOfAsync("Good"));
    }

    [Fact]
    public async Task A_missing_main_assembly_is_named()
    {
        File.Delete(Path.Combine(_directory.Add("Good"), "Good.dll"));

        Assert.Equal("The folder of plugin Good holds Good.deps.json but no Good.dll: copy all of its output.", await ReasonOfAsync("Good"));
    }

    [Fact]
    public async Task A_dependencies_file_that_is_not_one_does_not_stop_the_host()
    {
        await File.WriteAllTextAsync(Path.Combine(_directory.Add("Good"), "Good.deps.json"), "{ not json");

        Assert.Equal("Plugin Good did not load; the host's log has the exception.", await ReasonOfAsync("Good"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1000)]
    public async Task A_file_that_is_no_program_is_refused(int length)
    {
        var bytes = new byte[length];
        new Random(1).NextBytes(bytes);
        await File.WriteAllBytesAsync(Path.Combine(_directory.Add("Good"), "Good.dll"), bytes);

        Assert.Equal("Good.dll of plugin Good is not a whole .NET assembly: copy it again.", await ReasonOfAsync("Good"));
    }

    [Fact]
    public async Task A_native_program_is_refused()
    {
        File.Copy(Environment.ProcessPath!, Path.Combine(_directory.Add("Good"), "Good.dll"), overwrite: true);

        Assert.Equal("Good.dll of plugin Good is not a whole .NET assembly: copy it again.", await ReasonOfAsync("Good"));
    }

    [Fact]
    public async Task An_assembly_cut_off_anywhere_is_refused()
    {
        var whole = await File.ReadAllBytesAsync(Path.Combine(PluginDirectory.Compiled("Good"), "Good.dll"));
        var lengths = Enumerable.Range(0, whole.Length / 256).Select(part => part * 256).ToList();
        foreach (var length in lengths)
        {
            await File.WriteAllBytesAsync(Path.Combine(_directory.Add("Good", $"Cut{length}"), "Good.dll"), whole[..length]);
        }

        await using var host = await CatalogHost.StartAsync(_directory.Path);

        Assert.Equal(lengths.Count, host.Catalog.Backends.Count);
        Assert.All(host.Catalog.Backends, backend => Assert.Equal(BackendState.Malfunctioned, backend.State));
    }

    [Fact]
    public async Task Folders_with_a_dot_in_front_and_loose_files_are_no_plugins()
    {
        _directory.AddEmpty("..2024_01_01");
        await File.WriteAllTextAsync(Path.Combine(_directory.Path, "readme.txt"), "");

        await using var host = await CatalogHost.StartAsync(_directory.Path);

        Assert.Empty(host.Catalog.Backends);
    }

    [Fact]
    public async Task A_missing_plugin_directory_is_a_warning()
    {
        var missing = Path.Combine(_directory.Path, "missing");

        await using var host = await CatalogHost.StartAsync(missing);

        Assert.Empty(host.Catalog.Backends);
        Assert.Equal($"PluginDirectoryUnreadable Warning No plugin is loaded or replaced: RunLogs:PluginDirectory is {missing}, which cannot be read. DirectoryNotFoundException",
            Assert.Single(host.Logs.Of("PluginDirectoryUnreadable")));
        Assert.Null(host.Catalog.TryLease("Good", "default", out var reason));
        Assert.Equal("No plugin in RunLogs:PluginDirectory offers the backend Good.", reason);
    }

    private async Task<string> ReasonOfAsync(string name)
    {
        await using var host = await CatalogHost.StartAsync(_directory.Path);
        var backend = host.Backend(name);
        Assert.Equal(BackendState.Malfunctioned, backend.State);
        return backend.Reason;
    }
}
