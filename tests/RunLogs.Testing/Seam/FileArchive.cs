using System.Globalization;
using RunLogs.Testing.Kubernetes;

namespace RunLogs.Testing.Seam;

/// <summary>The files of one instance of a container, in a tree as a node's agent keeps it.</summary>
public sealed class FileArchive(string root, FakePod pod, string container, int instance = 0) : ISeamArchive
{
    private readonly string _directory = Path.Combine(root, $"{pod.Namespace}_{pod.Name}_{pod.Uid}", container);

    public async Task WriteAsync(IReadOnlyList<WrittenLine> lines, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(_directory);
        var path = Path.Combine(_directory, string.Create(CultureInfo.InvariantCulture, $"{instance}.log"));
        await using var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        await file.WriteAsync(CriLog.Encode(lines), cancellationToken);
    }
}
