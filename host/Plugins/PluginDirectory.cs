using System.Globalization;
using System.Text;
using Microsoft.Extensions.Options;
using RunLogs.Host.Settings;

namespace RunLogs.Host.Plugins;

/// <summary>What lies in the plugin directory: its folders, each with a fingerprint of the files in it.</summary>
internal sealed class PluginDirectory(IOptions<RunLogsOptions> settings, ILogger<PluginDirectory> logger)
{
    private static readonly string Key = ConfigurationPath.Combine(RunLogsOptions.Section, nameof(RunLogsOptions.PluginDirectory));

    // A link that leads back to its own folder must not lead round for ever.
    private static readonly EnumerationOptions Files = new() { RecurseSubdirectories = true, MaxRecursionDepth = 4, AttributesToSkip = 0 };

    private readonly string _path = settings.Value.PluginDirectory;
    private bool _told;

    /// <summary>Fingerprints by path; null when the directory cannot be read.</summary>
    public IReadOnlyDictionary<string, string>? Read()
    {
        try
        {
            // Names with a dot in front are a volume's own, not plugins.
            var folders = Directory.EnumerateDirectories(_path)
                .Where(folder => !Path.GetFileName(folder).StartsWith('.'))
                .ToDictionary(folder => folder, FingerprintOf, StringComparer.Ordinal);
            _told = false;
            return folders;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (!_told)
            {
                _told = true;
                Log.DirectoryUnreadable(logger, Key, _path, e);
            }

            return null;
        }
    }

    // Names, sizes and times of a folder's files, of those that links lead to.
    private static string FingerprintOf(string folder)
    {
        var text = new StringBuilder();
        try
        {
            text.Append(new DirectoryInfo(folder).ResolveLinkTarget(returnFinalTarget: true)?.FullName).Append('\n');
            foreach (var path in Directory.EnumerateFiles(folder, "*", Files).Order(StringComparer.Ordinal))
            {
                text.Append(path, folder.Length, path.Length - folder.Length).Append(' ').Append(FactsOf(path)).Append('\n');
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            text.Append(e.Message);
        }

        return text.ToString();
    }

    private static string FactsOf(string path)
    {
        try
        {
            var file = new FileInfo(path);
            file = (FileInfo?)file.ResolveLinkTarget(returnFinalTarget: true) ?? file;
            return string.Create(CultureInfo.InvariantCulture, $"{file.FullName} {file.Length} {file.LastWriteTimeUtc.Ticks}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e.Message; // it may come to be: that is a change then
        }
    }
}
