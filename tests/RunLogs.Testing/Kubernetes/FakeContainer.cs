using System.Text;
using System.Text.Json.Nodes;
using RunLogs.Abstractions;

namespace RunLogs.Testing.Kubernetes;

/// <summary>A container of a <see cref="FakePod"/>: running at first, then whatever a test makes of it.</summary>
public sealed class FakeContainer
{
    private readonly FakePod _pod;
    private readonly Queue<FakeCut> _cuts = [];
    private FakeInstance? _current;
    private FakeInstance? _last;
    private JsonObject? _waiting;

    internal FakeContainer(FakePod pod, string name, bool isInit)
    {
        (_pod, Name, IsInit) = (pod, name, isInit);
        _current = new FakeInstance(pod, name, 0);
    }

    /// <summary>When an instance starts, unless a test says when or appends an earlier line.</summary>
    public static LogTimestamp DefaultStart { get; } = LogTimestamp.FromUnixSeconds(1_767_323_045);

    public string Name { get; }

    public bool IsInit { get; }

    /// <summary>A restart policy of its own: an init container with Always is a sidecar.</summary>
    public string? RestartPolicy { get; set; }

    /// <summary>What the kubelet writes into the body of a success instead of the log, without a line feed; null for the log.</summary>
    public string? BodyText { get; set; }

    /// <summary>What the kubelet writes into the body after the lines there are, when it should follow; null for following.</summary>
    public string? BodyTextInsteadOfFollowing { get; set; }

    /// <summary>The newest instance's restart number.</summary>
    public int RestartCount => _current?.RestartCount ?? 0;

    /// <summary>The newest instance's id without its scheme; null before the first start.</summary>
    public string? ContainerId => _current?.Id;

    /// <summary>When the newest instance started; a line appended with an earlier time moves it back.</summary>
    public LogTimestamp? StartedAt => _current?.StartedAt;

    internal bool HasStarted => _current is not null;

    internal bool Succeeded => _current?.ExitCode == 0;

    internal bool MayGoOn => _waiting is not null || _current?.ExitCode is null || (_pod.RestartPolicy == "OnFailure" && _current.ExitCode != 0);

    /// <summary>Adds a line a millisecond after the last one.</summary>
    public void Append(string text) => Append(Running.NextTime, text);

    /// <summary>Adds a line; without a line feed only as the instance's last one.</summary>
    public void Append(LogTimestamp time, string text, bool newLine = true) => Append([new WrittenLine(time, Encoding.UTF8.GetBytes(text), NewLine: newLine)]);

    /// <summary>Adds lines in this order.</summary>
    public void Append(IEnumerable<WrittenLine> lines) => Running.Append(lines);

    /// <summary>Adds a part of a long line as the runtime stores it: what comes next, of this line or of another stream, is joined to it.</summary>
    public void AppendPart(LogTimestamp time, string text) => Running.AppendPart(new WrittenLine(time, Encoding.UTF8.GetBytes(text)));

    /// <summary>Lets the kubelet rotate the log: from here on only what comes now is served without following.</summary>
    public void Rotate() => Running.Rotate();

    /// <summary>Ends the running instance; its open streams get the rest and a clean end.</summary>
    public void Terminate(int exitCode = 0, LogTimestamp? at = null)
    {
        var running = Running;
        _pod.Api.Change(() => running.End(exitCode, at ?? running.NextTime));
    }

    /// <summary>Starts the next instance, ending the one that runs; the log of the one before that is gone.</summary>
    public void Restart(LogTimestamp? at = null) => _pod.Api.Change(() =>
    {
        var time = at ?? _current?.NextTime;
        if (_current is { ExitCode: null } running)
            running.End(1, time!.Value);

        (_last, _waiting) = (_current, null);
        _current = new FakeInstance(_pod, Name, _current is null ? 0 : _current.RestartCount + 1, time);
    });

    /// <summary>Makes it a container that has not started: waiting, with no log. <see cref="Restart"/> starts it.</summary>
    public void WaitToStart(string reason = "ContainerCreating", string? message = null) => _pod.Api.Change(() => (_current, _last, _waiting) = (null, null, Waiting(reason, message)));

    /// <summary>Lets the kubelet wait before the next start, of an instance that has ended.</summary>
    public void BackOff(string reason = "CrashLoopBackOff", string? message = "back-off 10s restarting failed container") => _pod.Api.Change(() => _waiting = Waiting(reason, message));

    /// <summary>Removes the instances' logs from the node.</summary>
    public void Collect() => _pod.Api.Change(() =>
    {
        _current?.Collect();
        _last?.Collect();
    });

    /// <summary>Removes the log of the instance before the newest one from the node.</summary>
    public void CollectPrevious() => _pod.Api.Change(() => _last?.Collect());

    /// <summary>Breaks the next stream off after so many bytes of its body, or ends it there cleanly.</summary>
    public void CutNextStreamAfter(long bytes, bool clean = false) => _pod.Api.Change(() => _cuts.Enqueue(new FakeCut(bytes, clean)));

    internal static string Seconds(LogTimestamp time) => $"{time.ToString()[..19]}Z";

    internal FakeCut? NextCut()
    {
        lock (_pod.Api.Lock)
        {
            return _cuts.TryDequeue(out var cut) ? cut : null;
        }
    }

    /// <summary>The instance the kubelet would give the log of.</summary>
    internal FakeInstance Serve(bool previous)
    {
        lock (_pod.Api.Lock)
        {
            if (previous)
                return (_waiting is null ? _last : _current) ?? throw FakeStatus.BadRequest($"previous terminated container \"{Name}\" in pod \"{_pod.Name}\" not found");

            return _current ?? throw FakeStatus.BadRequest($"container \"{Name}\" in pod \"{_pod.Name}\" is waiting to start: {(string?)_waiting!["reason"] switch
            {
                "ErrImagePull" => "image can't be pulled",
                "ImagePullBackOff" => "trying and failing to pull image",
                var reason => reason,
            }}");
        }
    }

    internal JsonNode Spec()
    {
        var spec = new JsonObject { ["name"] = Name, ["image"] = "example.org/work:1" };
        if (RestartPolicy is not null)
            spec["restartPolicy"] = RestartPolicy;

        return spec;
    }

    internal JsonNode Status() => new JsonObject
    {
        ["name"] = Name,
        ["image"] = "example.org/work:1",
        ["imageID"] = "",
        ["ready"] = _waiting is null && _current is { ExitCode: null },
        ["restartCount"] = RestartCount,
        ["containerID"] = _current is null ? "" : $"containerd://{_current.Id}",
        ["state"] = _waiting is not null ? new JsonObject { ["waiting"] = _waiting.DeepClone() } : _current!.State(),
        ["lastState"] = (_waiting is null ? _last : _current)?.State() ?? new JsonObject(),
    };

    private FakeInstance Running => _current is { ExitCode: null } running && _waiting is null ? running : throw new InvalidOperationException($"Container {Name} does not run.");

    private static JsonObject Waiting(string reason, string? message)
    {
        var waiting = new JsonObject { ["reason"] = reason };
        if (message is not null)
            waiting["message"] = message;

        return waiting;
    }
}
