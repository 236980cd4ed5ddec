using Microsoft.Extensions.Time.Testing;
using RunLogs.Abstractions;
using RunLogs.Host.Samples;

namespace RunLogs.Host.Tests.Samples;

public sealed class SampleTreeTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("runlogs-samples-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Every_container_has_a_log_of_records_within_its_pods_time()
    {
        var tree = new SampleTree(_root);

        tree.Write();

        foreach (var pod in tree.Pods)
        {
            Assert.Single(pod.Containers, container => container.IsPrimary);
            foreach (var container in pod.Containers)
            {
                var records = File.ReadAllText(pod.LogFile(_root, container.Name)).TrimEnd('\n').Split('\n');
                Assert.All(records, record =>
                {
                    Assert.Matches("^[^ ]+ (stdout|stderr) F ", record);
                    Assert.True(LogTimestamp.TryParse(record.AsSpan(0, record.IndexOf(' ', StringComparison.Ordinal)), out var time), record);
                    Assert.True(time >= pod.Start && (pod.End is not { } end || time <= end), record);
                });
            }
        }
    }

    [Fact]
    public void The_finished_run_has_a_progress_bar_and_a_traceback()
    {
        var tree = new SampleTree(_root);

        tree.Write();

        var log = File.ReadAllText(SampleRuns.Finished.LogFile(_root, "main"));
        Assert.InRange(log.Count(c => c == '\n'), 35, 60);
        Assert.Contains("%|", log, StringComparison.Ordinal);
        Assert.Contains('\r', log);
        Assert.Contains("stderr F Traceback", log, StringComparison.Ordinal);
    }

    [Fact]
    public void Writing_again_changes_nothing()
    {
        var tree = new SampleTree(_root);
        tree.Write();
        var following = SampleRuns.Following.LogFile(_root, "main");
        File.AppendAllText(following, "more\n");
        var before = Contents();

        tree.Write();

        Assert.Equal(before, Contents());
    }

    [Fact]
    public async Task The_workload_writes_a_record_every_second_and_stays_bounded()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 22, 18, 0, 0, TimeSpan.Zero));
        new SampleTree(_root).Write();
        var file = SampleRuns.Following.LogFile(_root, "main");
        using var workload = new SampleWorkload(_root, time);
        await workload.StartAsync(CancellationToken.None);

        // The service begins on a thread of its own: the clock goes until it does.
        var start = Size(file);
        Assert.True(SpinWait.SpinUntil(() => { time.Advance(TimeSpan.FromSeconds(1)); return Size(file) != start; }, TimeSpan.FromSeconds(10)));
        for (var second = 0; second < 4000; second++)
        {
            var before = Size(file);
            time.Advance(TimeSpan.FromSeconds(1));
            Assert.True(SpinWait.SpinUntil(() => Size(file) != before, TimeSpan.FromSeconds(10)), $"Nothing came in second {second}.");
        }

        await workload.StopAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(10));
        var files = Directory.GetFiles(Path.GetDirectoryName(file)!);
        Assert.InRange(files.Length, 3, 4);
        Assert.All(files, name => Assert.InRange(new FileInfo(name).Length, 0, 65 * 1024));
    }

    private static long Size(string file) => new FileInfo(file) is { Exists: true } info ? info.Length : -1;

    private string[] Contents() => [.. Directory.EnumerateFiles(_root, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(file => file + File.ReadAllText(file))];
}
