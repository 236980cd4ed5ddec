using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using RunLogs.Abstractions;

namespace RunLogs.Testing.Kubernetes;

/// <summary>One instance of a container and its log.</summary>
internal sealed class FakeInstance
{
    // The runtime stores lines in entries of this size; the kubelet counts entries.
    private const int EntrySize = 16 * 1024;
    private const int ReadSize = 64 * 1024;

    private readonly Lock _lock = new();
    private readonly List<Entry> _entries = [];
    private readonly List<int> _files = [0];
    private readonly string _container;
    private byte[] _bytes = new byte[4096];
    private int _length;
    private LogTimestamp _lastTime;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public FakeInstance(FakePod pod, string container, int restartCount, LogTimestamp? startedAt = null)
    {
        _container = container;
        RestartCount = restartCount;
        StartedAt = startedAt ?? LogTimestamp.FromUnixSeconds(1_767_323_045);
        _lastTime = StartedAt;
        Id = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{pod.Uid}/{container}/{restartCount}")));
    }

    public string Id { get; }

    public int RestartCount { get; }

    public LogTimestamp StartedAt { get; private set; }

    public LogTimestamp? EndedAt { get; private set; }

    /// <summary>Null while it runs.</summary>
    public int? ExitCode { get; private set; }

    /// <summary>Whether its log was removed from the node.</summary>
    public bool IsCollected { get; private set; }

    public LogTimestamp NextTime => _lastTime.Add(TimeSpan.FromMilliseconds(1));

    public void Append(IEnumerable<WrittenLine> lines)
    {
        lock (_lock)
        {
            foreach (var line in lines)
                Append(line);

            Signal();
        }
    }

    public void End(int exitCode, LogTimestamp at)
    {
        lock (_lock)
        {
            (ExitCode, EndedAt) = (exitCode, at);
            Signal();
        }
    }

    public void Collect()
    {
        lock (_lock)
        {
            IsCollected = true;
        }
    }

    /// <summary>Begins a new file: those before it are served to none but who follows already.</summary>
    public void Rotate()
    {
        lock (_lock)
        {
            _files.Add(_entries.Count);
        }
    }

    /// <summary>The first entry of the last so many that the current file has.</summary>
    public int First(long? tailLines)
    {
        lock (_lock)
        {
            return tailLines is { } tail ? (int)Math.Max(_files[^1], _entries.Count - tail) : _files[^1];
        }
    }

    /// <summary>Where the file with an entry ends, where the current one begins, and how many lie between.</summary>
    public (int End, int Current, int Between) FilesFrom(int next)
    {
        lock (_lock)
        {
            var file = _files.FindLastIndex(first => first <= next);
            var between = _files.Count - file - 2;
            return (between >= 0 ? _files[file + 1] : int.MaxValue, _files[^1], Math.Max(0, between));
        }
    }

    /// <summary>Renders what follows an entry, up to some size; nothing when nothing follows yet.</summary>
    public int Read(int next, int end, ref bool inLine, FakeLogOptions options, ArrayBufferWriter<byte> output)
    {
        lock (_lock)
        {
            Span<byte> stamp = stackalloc byte[LogTimestamp.FormattedLength];
            while (next < Math.Min(_entries.Count, end) && output.WrittenCount < ReadSize)
            {
                var entry = _entries[next++];
                if (entry.Time < options.Since)
                {
                    inLine = false;
                    continue;
                }

                // A tail may begin within a line: with the entry's own time then.
                if (options.Timestamps && !inLine && entry.Time.TryFormat(stamp, out var written))
                {
                    output.Write(stamp[..written]);
                    output.Write(" "u8);
                }

                output.Write(_bytes.AsSpan(entry.Offset, entry.Length));
                inLine = entry.Continues;
            }

            return next;
        }
    }

    /// <summary>Whether no entry follows and none will; else when that may have changed.</summary>
    public (bool IsOver, Task Changed) After(int next)
    {
        lock (_lock)
        {
            return (ExitCode is not null && next == _entries.Count, next < _entries.Count ? Task.CompletedTask : _changed.Task);
        }
    }

    public JsonObject State()
    {
        if (ExitCode is not { } code)
            return new JsonObject { ["running"] = new JsonObject { ["startedAt"] = FakeContainer.Seconds(StartedAt) } };

        return new JsonObject
        {
            ["terminated"] = new JsonObject
            {
                ["exitCode"] = code,
                ["reason"] = code == 0 ? "Completed" : "Error",
                ["startedAt"] = FakeContainer.Seconds(StartedAt),
                ["finishedAt"] = FakeContainer.Seconds(EndedAt!.Value),
                ["containerID"] = $"containerd://{Id}",
            },
        };
    }

    private void Append(WrittenLine line)
    {
        if (ExitCode is not null)
            throw new InvalidOperationException($"Instance {RestartCount} of container {_container} has ended.");

        // Of "\r\n" the runtime keeps neither.
        var text = line is { NewLine: true, Text.Span: [.., (byte)'\r'] } ? line.Text[..^1] : line.Text;
        var time = line.Timestamp;
        StartedAt = time < StartedAt ? LogTimestamp.FromUnixSeconds(time.UnixSeconds) : StartedAt;
        _lastTime = time > _lastTime ? time : _lastTime;
        while (text.Length > EntrySize)
        {
            Append(time, text[..EntrySize].Span, continues: true, newLine: false);
            text = text[EntrySize..];
            time = new LogTimestamp(time.UnixNanoseconds + 1000);
        }

        Append(time, text.Span, continues: false, line.NewLine);
    }

    private void Append(LogTimestamp time, ReadOnlySpan<byte> text, bool continues, bool newLine)
    {
        if (_length + text.Length + 1 > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + text.Length + 1));

        _entries.Add(new Entry(time, _length, text.Length + (newLine ? 1 : 0), continues));
        text.CopyTo(_bytes.AsSpan(_length));
        _length += text.Length;
        if (newLine)
            _bytes[_length++] = (byte)'\n';
    }

    private void Signal()
    {
        _changed.SetResult();
        _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private readonly record struct Entry(LogTimestamp Time, int Offset, int Length, bool Continues);
}
