using System.Runtime.Versioning;
using RunLogs.Host.Cursors;
using RunLogs.Host.Settings;
using RunLogs.Host.Tests.Contexts;

namespace RunLogs.Host.Tests.Cursors;

public sealed class CursorKeyFileTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private string File => Path.Combine(_directory.Path, "data", "cursor.key");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void The_first_start_makes_a_key_that_later_ones_read()
    {
        var key = ReadOrCreate();

        Assert.True(key.Length >= CursorKey.LeastCharacters);
        Assert.Equal(key, ReadOrCreate());
        Assert.Equal([File], Directory.GetFiles(Path.GetDirectoryName(File)!));
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void Only_its_owner_may_read_it()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no modes.");
        ReadOrCreate();

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(File));
    }

    [Fact]
    public async Task Of_many_that_make_it_at_once_all_get_the_same()
    {
        using var together = new Barrier(8);
        var makers = Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(
            () =>
            {
                together.SignalAndWait(TimeSpan.FromSeconds(30));
                return ReadOrCreate();
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default));

        var keys = await Task.WhenAll(makers).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

        Assert.Single(keys.Distinct());
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(File)!));
    }

    [Fact]
    public void A_file_that_holds_no_key_is_told_with_what_to_do_and_not_shown()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        System.IO.File.WriteAllText(File, "hush\n");

        var refusal = Assert.Throws<SettingsFaultsException>(ReadOrCreate);

        Assert.Equal($"{File} holds no key of 32 characters or more: delete it and a new one is made, or set RunLogs:CursorKey.", Assert.Single(refusal.Faults));
    }

    [Fact]
    public void A_place_where_none_can_be_made_is_told_with_what_to_do()
    {
        System.IO.File.WriteAllText(Path.Combine(_directory.Path, "data"), "a file where a directory should be");

        var refusal = Assert.Throws<SettingsFaultsException>(ReadOrCreate);

        Assert.Contains("Set RunLogs:DataDirectory to a folder that RunLogs may write to, or set RunLogs:CursorKey", refusal.Message, StringComparison.Ordinal);
    }

    private string ReadOrCreate() => CursorKeyFile.In(Path.Combine(_directory.Path, "data")).ReadOrCreate();
}
