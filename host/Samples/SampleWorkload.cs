using System.Globalization;
using RunLogs.Abstractions;

namespace RunLogs.Host.Samples;

/// <summary>Keeps the running pod of the sample tree writing, so that a follow has something to follow.</summary>
internal sealed class SampleWorkload(string root, TimeProvider time) : BackgroundService
{
    private const int MaxFileBytes = 64 * 1024;
    private const int RotatedFiles = 2;

    private readonly string _file = SampleRuns.Following.LogFile(root, "main");

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_file)!);
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), time);
        await using var stopping = stoppingToken.Register(timer.Dispose);
        while (await timer.WaitForNextTickAsync(CancellationToken.None))
        {
            await File.AppendAllTextAsync(_file, NextRecord(), CancellationToken.None);
            if (new FileInfo(_file).Length > MaxFileBytes)
                Rotate();
        }
    }

    private string NextRecord()
    {
        var now = LogTimestamp.From(time.GetUtcNow());
        // Counted from the pod's start: it goes on where it was when the host starts again.
        var request = now.UnixSeconds - SampleRuns.Following.Start.UnixSeconds;
        return request % 10 == 0
            ? SampleLog.Record(now, "stderr", string.Create(CultureInfo.InvariantCulture, $"warning: request {request} waited {80 + (request % 70)} ms in the queue"))
            : SampleLog.Record(now, "stdout", string.Create(CultureInfo.InvariantCulture, $"request {request} class {request * 7 % 10} took {4 + (request % 9)}.{request % 10} ms"));
    }

    // As the kubelet does: renames the file, and drops the oldest.
    private void Rotate()
    {
        File.Move(_file, $"{_file}.{time.GetUtcNow().ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture)}", overwrite: true);
        var rotated = Directory.GetFiles(Path.GetDirectoryName(_file)!, Path.GetFileName(_file) + ".*").Order(StringComparer.Ordinal).ToArray();
        foreach (var oldest in rotated.SkipLast(RotatedFiles))
            File.Delete(oldest);
    }
}
