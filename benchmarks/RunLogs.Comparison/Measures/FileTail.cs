using RunLogs.Comparison.Api;
using RunLogs.Comparison.Report;
using RunLogs.Comparison.Rig;

namespace RunLogs.Comparison.Measures;

/// <summary>The last lines of a large file, of which only the end may be read.</summary>
internal sealed class FileTail : IMeasure
{
    private const double MiB = 1024 * 1024;
    private const int Tail = 1000;
    private const string Pod = "archived";

    public string Name => "file-tail";

    public async Task<Section> RunAsync(Bench bench, CancellationToken cancellationToken)
    {
        var (lines, root) = (bench.Settings.FileLines, Path.Combine(bench.Scratch, "files"));
        var folder = Directory.CreateDirectory(Path.Combine(root, $"{HostServer.Namespace}_{Pod}_6f2d7c9e-0a4b-4a5e-9d3e-1f0c5b7a8e21", "main")).FullName;
        var size = await CriFile.WriteAsync(Path.Combine(folder, "0.log"), lines, cancellationToken);
        await using var host = await bench.StartHostOfFilesAsync(root, cancellationToken);
        await host.PutContextAsync(Pod, LogText.EndOf(lines), cancellationToken);
        var action = HostServer.ActionOf(Pod);
        var (before, began) = (host.Figures.ReadBytes, TimeProvider.System.GetTimestamp());
        var text = await host.Http.GetStringAsync($"logs/{action.Run.Project}/{action.Run.Domain}/{action.Run.Name}/{action.Name}/1?tail={Tail}", cancellationToken);
        var (taken, read) = (TimeProvider.System.GetElapsedTime(began), host.Figures.ReadBytes - before);
        Directory.Delete(root, recursive: true);
        if (text != LogText.TextOf(lines - Tail, lines))
        {
            throw new WrongBytesException($"The last {Tail} lines of a file of {lines} came as {text.Length} other characters.");
        }

        var table = new Table("file, MiB", "read by the host, MiB", "ms, the first time");
        table.Add($"{size / MiB:F0}", Table.Number(read / MiB), Table.Number(taken.TotalMilliseconds));
        return new Section(Name, $"`tail={Tail}` of a large file", [], $"By the Files backend; the lines are the right ones.\n\n{table}", new Dictionary<string, string>());
    }
}
