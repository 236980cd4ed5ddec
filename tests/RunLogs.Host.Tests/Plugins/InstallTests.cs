using System.Diagnostics;
using Microsoft.Extensions.Time.Testing;
using RunLogs.Host.Plugins;

namespace RunLogs.Host.Tests.Plugins;

/// <summary>The ways in which a plugin comes to a serving host, and goes.</summary>
public sealed class InstallTests : IDisposable
{
    private readonly PluginDirectory _directory = new();
    private readonly PluginDirectory _elsewhere = new();

    public void Dispose()
    {
        _directory.Dispose();
        _elsewhere.Dispose();
    }

    [Fact]
    public async Task A_new_folder_is_loaded_when_it_has_settled()
    {
        await using var host = await StartAsync();
        _directory.Add("Good");

        host.Catalog.Look(atOnce: false);
        Assert.Empty(host.Catalog.Backends);
        host.Catalog.Look(atOnce: false);

        Assert.Equal((BackendState.Active, 1ul), StateOf(host));
        Assert.Equal("hello pod", (await GoodPlugin.TailAsync(host.Catalog))[0]);
    }

    [Fact]
    public async Task A_folder_that_goes_on_changing_is_not_loaded()
    {
        await using var host = await StartAsync();
        var folder = _directory.Add("Good");

        for (var look = 0; look < 5; look++)
        {
            host.Catalog.Look(atOnce: false);
            PluginDirectory.Touch(folder);
        }

        Assert.Empty(host.Catalog.Backends);
    }

    [Fact]
    public async Task A_copy_over_the_old_files_is_the_next_generation_with_the_settings_as_they_are_now()
    {
        var folder = _directory.Add("Good");
        await using var host = await StartAsync(("RunLogs:Backends:Good:Greeting", "hello"));
        host.Set("RunLogs:Backends:Good:Greeting", "goodbye");

        host.Look();
        Assert.Equal("hello pod", (await GoodPlugin.TailAsync(host.Catalog))[0]);
        CopyOver(folder);
        host.Look();

        Assert.Equal((BackendState.Active, 2ul), StateOf(host));
        Assert.Equal("goodbye pod", (await GoodPlugin.TailAsync(host.Catalog))[0]);
    }

    [Fact]
    public async Task A_copy_that_stops_anywhere_leaves_the_old_generation_in_service_until_it_is_whole()
    {
        var folder = _directory.Add("Good");
        var dll = Path.Combine(folder, "Good.dll");
        var whole = await File.ReadAllBytesAsync(dll);
        await using var host = await StartAsync();

        for (var length = 0; length < whole.Length - 512; length += 512)
        {
            await File.WriteAllBytesAsync(dll, whole[..length]);
            host.Look();
            Assert.Equal((BackendState.Active, 1ul), StateOf(host));
            Assert.Equal("hello pod", (await GoodPlugin.TailAsync(host.Catalog))[0]);
        }

        Assert.Equal("A newer version was refused: Good.dll of plugin Good is not a whole .NET assembly: copy it again.", ReasonAt(host, folder, dll, whole[..1000]));
        await File.WriteAllBytesAsync(dll, whole);
        host.Look();
        Assert.Equal((BackendState.Active, 2ul), StateOf(host));
        Assert.DoesNotContain(host.Catalog.Backends, backend => backend.Reason.Contains("refused", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1000)]
    public async Task A_library_that_is_not_whole_is_refused_though_nothing_calls_it_yet(int length)
    {
        var folder = _directory.Add("LoadsLate");
        await using var host = await StartAsync();

        var library = Path.Combine(folder, "LateLibrary.dll");
        await File.WriteAllBytesAsync(library, (await File.ReadAllBytesAsync(library, TestContext.Current.CancellationToken))[..length], TestContext.Current.CancellationToken);
        host.Look();

        var backend = host.Backend("LoadsLate");
        Assert.Equal((BackendState.Active, 1ul), (backend.State, backend.Generation!.Number));
        Assert.Equal("A newer version was refused: LateLibrary.dll of plugin LoadsLate is not a whole .NET assembly: copy it again.", backend.Reason);
    }

    [Fact]
    public async Task A_generation_needs_nothing_of_its_folder_once_it_serves()
    {
        var folder = _directory.Add("LoadsLate");
        await using var host = await StartAsync();
        using var lease = host.Catalog.TryLease("LoadsLate", "default", out _)!;

        Directory.Delete(folder, recursive: true);

        Assert.Equal(["late"], await GoodPlugin.TailAsync(lease));
    }

    [Fact]
    public async Task A_renamed_folder_takes_the_place_of_the_old_one()
    {
        var folder = _directory.Add("Good");
        await using var host = await StartAsync();

        Directory.Move(folder, Path.Combine(_elsewhere.Path, "old"));
        host.Catalog.Look(atOnce: false); // between the two renames
        Assert.Equal((BackendState.Active, 1ul), StateOf(host));
        var next = _elsewhere.Add("Good", "next");
        PluginDirectory.Touch(next);
        Directory.Move(next, folder);
        host.Look();

        Assert.Equal((BackendState.Active, 2ul), StateOf(host));
        Assert.Equal("hello pod", (await GoodPlugin.TailAsync(host.Catalog))[0]);
    }

    [Fact]
    public async Task A_link_that_leads_elsewhere_is_the_next_generation()
    {
        var link = Path.Combine(_directory.Path, "Good");
        Directory.CreateSymbolicLink(link, _elsewhere.Add("Good", "v1"));
        await using var host = await StartAsync();
        _elsewhere.Add("Good", "v2"); // the same files with the same times

        Swap(link, Path.Combine(_elsewhere.Path, "v2"));
        host.Look();

        Assert.Equal((BackendState.Active, 2ul), StateOf(host));
    }

    [Fact]
    public async Task A_volume_of_Kubernetes_is_followed_through_its_links()
    {
        var folder = _directory.AddEmpty("Good");
        Directory.Move(_elsewhere.Add("Good"), Path.Combine(folder, "..2026_01_01"));
        Directory.CreateSymbolicLink(Path.Combine(folder, "..data"), "..2026_01_01");
        foreach (var file in Directory.GetFiles(PluginDirectory.Compiled("Good")).Select(Path.GetFileName))
        {
            File.CreateSymbolicLink(Path.Combine(folder, file!), Path.Combine("..data", file!));
        }

        await using var host = await StartAsync();
        Assert.Equal((BackendState.Active, 1ul), StateOf(host));
        var next = _elsewhere.Add("Good");
        PluginDirectory.Touch(next);
        Directory.Move(next, Path.Combine(folder, "..2026_01_02"));
        host.Look();
        Swap(Path.Combine(folder, "..data"), "..2026_01_02");
        Directory.Delete(Path.Combine(folder, "..2026_01_01"), recursive: true);
        host.Look();

        Assert.Equal("hello pod", (await GoodPlugin.TailAsync(host.Catalog))[0]);
        Assert.Equal(BackendState.Active, StateOf(host).State);
        Assert.InRange(StateOf(host).Generation, 2ul, 3ul); // a directory beside may count as a change
    }

    [Fact]
    public async Task A_removed_folder_retires_its_backend_and_frees_its_name()
    {
        var folder = _directory.Add("Good");
        _directory.Add("Good", "Other");
        await using var host = await StartAsync();
        Assert.Equal(BackendState.Malfunctioned, host.Backend("Other").State);

        Directory.Delete(folder, recursive: true);
        host.Look();

        Assert.Equal((BackendState.Active, 2ul), StateOf(host));
        Assert.DoesNotContain(host.Catalog.Backends, backend => backend.Name == "Other");
        Directory.Delete(Path.Combine(_directory.Path, "Other"), recursive: true);
        host.Look();
        Assert.Null(host.Catalog.TryLease("Good", "default", out _));
    }

    [Fact]
    public async Task A_plugin_directory_that_cannot_be_read_changes_nothing()
    {
        _directory.Add("Good");
        await using var host = await StartAsync();
        var moved = _directory.Path + "-moved";

        Directory.Move(_directory.Path, moved);
        host.Look();
        Assert.Equal((BackendState.Active, 1ul), StateOf(host));
        Directory.Move(moved, _directory.Path);
        host.Look();

        Assert.Equal((BackendState.Active, 1ul), StateOf(host));
        Assert.Single(host.Logs.Of("PluginDirectoryUnreadable"));
    }

    [Fact]
    public async Task The_directory_is_looked_at_as_often_as_the_settings_say()
    {
        var time = new FakeTimeProvider();
        await using var host = await CatalogHost.StartAsync(_directory.Path, time, ("RunLogs:Plugins:PollInterval", "00:00:07"));
        _directory.Add("Good");
        using var limit = new CancellationTokenSource(CatalogHost.Limit);

        time.Advance(TimeSpan.FromSeconds(6.9));
        Assert.Empty(host.Catalog.Backends);
        while (host.Catalog.Backends.Count == 0)
        {
            limit.Token.ThrowIfCancellationRequested();
            time.Advance(TimeSpan.FromSeconds(7));
            await Task.Yield();
        }

        Assert.Equal((BackendState.Active, 1ul), StateOf(host));
    }

    private Task<CatalogHost> StartAsync(params (string Key, string? Value)[] settings) => CatalogHost.StartAsync(_directory.Path, new FakeTimeProvider(), settings);

    // What drains without a tail may show for a moment.
    private static (BackendState State, ulong Generation) StateOf(CatalogHost host)
    {
        var good = Assert.Single(host.Catalog.Backends, backend => backend is { Name: "Good", State: not BackendState.Draining });
        return (good.State, good.Generation!.Number);
    }

    private static string ReasonAt(CatalogHost host, string folder, string dll, byte[] content)
    {
        File.WriteAllBytes(dll, content);
        PluginDirectory.Touch(folder);
        host.Look();
        return host.Backend("Good").Reason;
    }

    private static void CopyOver(string folder)
    {
        foreach (var file in Directory.GetFiles(PluginDirectory.Compiled("Good")))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true);
        }

        PluginDirectory.Touch(folder);
    }

    private static void Swap(string link, string target)
    {
        Directory.CreateSymbolicLink(link + ".next", target);
        using var move = Process.Start("mv", ["-T", link + ".next", link]);
        move.WaitForExit();
        Assert.Equal(0, move.ExitCode);
    }
}
