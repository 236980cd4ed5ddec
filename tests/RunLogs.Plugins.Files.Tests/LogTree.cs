using System.IO.Compression;
using System.Globalization;
using RunLogs.Abstractions;
using RunLogs.Testing;

namespace RunLogs.Plugins.Files.Tests;

/// <summary>A kubelet-style tree of log files in a directory of its own, and a node that writes it.</summary>
internal sealed class LogTree : FakeNode
{
    private readonly HashSet<SomeContainer> _ended = [];

    public string Root { get; } = Directory.CreateTempSubdirectory("runlogs-files-").FullName;

    public override ILogStreamer CreateStreamer(int maxLineBytes = 256 * 1024) =>
        new FilesPlugin().Create(Some.PluginContext("Files", Time, new Dictionary<string, string?> { ["Root"] = Root }, maxLineBytes));

    public override Task RunAsync(SomeContainer container, params WrittenLine[] lines) => WriteAsync(container, 0, lines);

    public override Task AppendAsync(SomeContainer container, params WrittenLine[] lines) => WriteAsync(container, NewestInstance(container), lines);

    public override Task RestartAsync(SomeContainer container, params WrittenLine[] lines) => WriteAsync(container, NewestInstance(container) + 1, lines);

    public override Task EndAsync(SomeContainer container)
    {
        _ended.Add(container);
        return Task.CompletedTask;
    }

    /// <summary>The files stay: an archive outlives its pods.</summary>
    public override Task DeletePodAsync(SomeContainer container) => EndAsync(container);

    public override TailRequest Request(SomeContainer container) => new()
    {
        Cluster = "default",
        Namespace = container.Namespace,
        Pod = container.Pod,
        Container = container.Name,
        EndedAt = _ended.Contains(container) ? LogTimestamp.From(Some.Now - TimeSpan.FromMinutes(10)) : null,
    };

    public string DirectoryOf(SomeContainer container) => Path.Combine(Root, $"{container.Namespace}_{container.Pod}_{container.PodUid}", container.Name);

    public string FileOf(SomeContainer container, int instance = 0) => Path.Combine(DirectoryOf(container), string.Create(CultureInfo.InvariantCulture, $"{instance}.log"));

    public async Task WriteAsync(SomeContainer container, int instance, params IEnumerable<WrittenLine> lines) => await WriteRawAsync(container, instance, CriLog.Encode(lines));

    /// <summary>Writes on in the first instance, whether its file is there or was just rotated.</summary>
    public Task WriteOnAsync(SomeContainer container, params WrittenLine[] lines) => WriteAsync(container, 0, lines);

    public IEnumerable<string?> Files(SomeContainer container) => Directory.EnumerateFiles(DirectoryOf(container)).Select(Path.GetFileName).Order(StringComparer.Ordinal);

    public async Task WriteRawAsync(SomeContainer container, int instance, ReadOnlyMemory<byte> bytes)
    {
        Directory.CreateDirectory(DirectoryOf(container));
        await using var file = new FileStream(FileOf(container, instance), FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        await file.WriteAsync(bytes);
    }

    /// <summary>Renames the file being written, as the kubelet does; a new one appears with the next line.</summary>
    public string Rotate(SomeContainer container, string rotation, int instance = 0)
    {
        var rotated = $"{FileOf(container, instance)}.{rotation}";
        File.Move(FileOf(container, instance), rotated);
        return rotated;
    }

    /// <summary>Compresses a rotated file as the kubelet does: aside, then renamed, then the original goes.</summary>
    public static void Compress(string rotated)
    {
        using (var plain = File.OpenRead(rotated))
        using (var zip = new GZipStream(File.Create(rotated + ".tmp"), CompressionLevel.Fastest))
            plain.CopyTo(zip);

        File.Move(rotated + ".tmp", rotated + ".gz");
        File.Delete(rotated);
    }

    public override ValueTask DisposeAsync()
    {
        Directory.Delete(Root, recursive: true);
        return ValueTask.CompletedTask;
    }

    private int NewestInstance(SomeContainer container) =>
        Directory.EnumerateFiles(DirectoryOf(container), "*.log").Max(file => int.Parse(Path.GetFileNameWithoutExtension(file), CultureInfo.InvariantCulture));
}
