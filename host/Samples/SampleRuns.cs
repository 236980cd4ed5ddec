using System.Globalization;
using RunLogs.Abstractions;

namespace RunLogs.Host.Samples;

/// <summary>The runs of the sample tree, and what their containers wrote.</summary>
internal static class SampleRuns
{
    private static readonly LogTimestamp Morning = LogTimestamp.From(new DateTimeOffset(2026, 1, 15, 9, 0, 0, TimeSpan.Zero));

    /// <summary>One container that failed at the end.</summary>
    public static SamplePod Finished { get; } = new()
    {
        Run = "finished",
        Uid = "5d0c6c1e-7a83-4a0e-9a35-0d6a2f1b7c01",
        Containers = [new("main", IsPrimary: true)],
        Start = Morning,
        End = Morning.Add(TimeSpan.FromMinutes(3)),
    };

    /// <summary>An init container, a main container and a sidecar.</summary>
    public static SamplePod Sidecars { get; } = new()
    {
        Run = "sidecars",
        Uid = "5d0c6c1e-7a83-4a0e-9a35-0d6a2f1b7c02",
        Containers = [new("download", IsInit: true), new("main", IsPrimary: true), new("metrics")],
        Start = Morning.Add(TimeSpan.FromHours(1)),
        End = Morning.Add(TimeSpan.FromMinutes(62)),
    };

    /// <summary>One container that <see cref="SampleWorkload"/> keeps running.</summary>
    public static SamplePod Following { get; } = new()
    {
        Run = "following",
        Uid = "5d0c6c1e-7a83-4a0e-9a35-0d6a2f1b7c03",
        Containers = [new("main", IsPrimary: true)],
        Start = Morning.Add(TimeSpan.FromHours(2)),
    };

    /// <summary>What is in the tree from the first day: file by file.</summary>
    public static IEnumerable<(SamplePod Pod, string Container, string Log)> Logs()
    {
        yield return (Finished, "main", Training(Finished.Start).ToString());
        yield return (Sidecars, "download", Download(Sidecars.Start).ToString());
        yield return (Sidecars, "main", Evaluation(Sidecars.Start).ToString());
        yield return (Sidecars, "metrics", Metrics(Sidecars.Start).ToString());
        yield return (Following, "main", new SampleLog(Following.Start).After(1).Out("serving model resnet18-cifar10 on :8501", "ready").ToString());
    }

    private static SampleLog Training(LogTimestamp start)
    {
        var log = new SampleLog(start)
            .After(0.8).Out("loading dataset cifar10 from /mnt/data/cifar10", "train: 50000 images, validation: 10000 images, 10 classes")
            .After(2.1).Err("UserWarning: pin_memory is set but no accelerator was found; host memory is used instead")
            .Out("model resnet18: 11,173,962 parameters", "optimizer: sgd lr=0.1 momentum=0.9 weight_decay=0.0005", "");
        for (var epoch = 1; epoch <= 8; epoch++)
        {
            // A progress bar draws over itself: one line with carriage returns in it.
            log.After(17.3).Err(string.Join('\r', Enumerable.Range(0, 5).Select(i => Line($"epoch {epoch}: {i * 25,3}%|{new string('#', i * 5),-20}| {i * 98}/391"))))
                .Out(Line($"epoch {epoch}/8 loss {2.31 / (1 + (0.45 * epoch)):F4} accuracy {1 - (0.9 / (1 + (0.6 * epoch))):F4}"))
                .After(1.9).Out(Line($"epoch {epoch}/8 validation accuracy {0.98 - (0.9 / (1 + (0.6 * epoch))):F4}"));
        }

        return log.After(0.4).Out("best epoch: 8", "saving checkpoint to s3://checkpoints/finished/a0/epoch-8.pt")
            .After(3.2).Err(
                "Traceback (most recent call last):",
                "  File \"/root/train.py\", line 118, in <module>",
                "    main()",
                "  File \"/root/train.py\", line 104, in main",
                "    save(model, args.checkpoint)",
                "  File \"/root/storage.py\", line 41, in save",
                "    raise OSError(errno.ENOSPC, \"No space left on device\", path)",
                "OSError: [Errno 28] No space left on device: '/tmp/epoch-8.pt'");
    }

    private static SampleLog Download(LogTimestamp start) => new SampleLog(start)
        .After(0.2).Out("downloading s3://datasets/imagenette.tgz")
        .After(6).Out("98,948,031 bytes, sha256 ok").After(1.5).Out("unpacked 13394 files to /data");

    private static SampleLog Evaluation(LogTimestamp start)
    {
        var log = new SampleLog(start).After(9).Out("evaluating imagenette on 2 workers – größe: 224×224");
        for (var batch = 1; batch <= 12; batch++)
            log.After(7.5).Out(Line($"batch {batch}/12 top-1 {0.70 + (0.005 * batch):F3} top-5 {0.93 + (0.002 * batch):F3}"));

        return log.Out("done: top-1 0.760, top-5 0.954");
    }

    private static SampleLog Metrics(LogTimestamp start)
    {
        var log = new SampleLog(start).After(8.5).Out("level=info msg=\"listening on :9100\"");
        for (var scrape = 1; scrape <= 6; scrape++)
            log.After(15).Out(Line($"level=info msg=scraped samples={412 + scrape} took={3 + (scrape % 3)}ms"));

        return log.Err("level=warn msg=\"main container ended, shutting down\"");
    }

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
