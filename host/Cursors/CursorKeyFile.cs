using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using RunLogs.Host.Settings;

namespace RunLogs.Host.Cursors;

/// <summary>The key of a host whose settings name none: a file that only its owner may read.</summary>
internal sealed class CursorKeyFile
{
    private const string Name = "cursor.key";
    private const int RandomBytes = 32;

    private readonly string _path;

    private CursorKeyFile(string path) => _path = path;

    public static CursorKeyFile In(string directory) => new(Path.Combine(directory, Name));

    /// <summary>The key; of several processes that make it at once, all get the same.</summary>
    /// <exception cref="SettingsFaultsException">It cannot be read or made.</exception>
    public string ReadOrCreate()
    {
        try
        {
            if (!File.Exists(_path))
            {
                Create();
            }

            var key = File.ReadAllText(_path).Trim();
            return key.Length >= CursorKey.LeastCharacters ? key : throw new SettingsFaultsException(
                [$"{_path} holds no key of {CursorKey.LeastCharacters} characters or more: delete it and a new one is made, or set RunLogs:CursorKey."]);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SettingsFaultsException([$"The key of the cursors, {_path}, can be neither read nor made. Set RunLogs:DataDirectory to a folder that RunLogs may write to, or set RunLogs:CursorKey. {error.Message}"]);
        }
    }

    // Written beside its place and then linked into it, whole: what is there already stays.
    private void Create()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
        var draft = $"{_path}.{Guid.NewGuid():N}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        try
        {
            using (var file = new FileStream(draft, options))
            {
                file.Write(Encoding.ASCII.GetBytes(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes))));
                file.Flush(flushToDisk: true);
            }

            // Move alone looks first and renames then: of two at once the later one would win. File systems without links leave no choice.
            if (OperatingSystem.IsWindows() || (Link(draft, _path) != 0 && !File.Exists(_path)))
            {
                File.Move(draft, _path, overwrite: false);
            }
        }
        catch (IOException) when (File.Exists(_path))
        {
            // Another process was faster.
        }
        finally
        {
            File.Delete(draft);
        }
    }

    // link(2): fails where there is a file already.
    [DllImport("libc", EntryPoint = "link")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Link([MarshalAs(UnmanagedType.LPUTF8Str)] string from, [MarshalAs(UnmanagedType.LPUTF8Str)] string to);
}
