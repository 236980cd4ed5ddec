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
    private readonly FakePod _pod;
    private readonly string _container;
    private int _fileStart;
    private byte[] _bytes = new byte[4096];
    private int _length;
    private LogTimestamp _lastTime;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public FakeInstance(FakePod pod, string container, int restartCount, LogTimestamp? startedAt = null)
    {
        (_pod, _container) = (pod, container);
        RestartCount = restartCount;
        StartedAt = startedAt ?? FakeContainer.DefaultStart;
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

            if (_length - _fileStart >= _pod.MaxLogFileBytes)
                BeginFile();

            Signal();
        }
    }

    public void AppendPart(WrittenLine part)
    {
        lock (_lock)
        {
            Append(part.Timestamp, part.Text.Span, continues: true, newLine: false);
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
            BeginFile();
            Signal();
        }
    }

    /// <summary>Opens the current file at its beginning, or at the last so many of its entries.</summary>
    public FakePlace Open(long? tailLines)
    {
        lock (_lock)
        {
            var current = _files.Count - 1;
            return new FakePlace(current, tailLines is { } tail ? (int)Math.Max(_files[^1], _entries.Count - tail) : _files[^1], current, InLine: false);
        }
    }

    /// <summary>Renders what follows in the open file, up to some size; nothing when nothing follows yet.</summary>
    public FakePlace Read(FakePlace place, FakeLogOptions options, ArrayBufferWriter<byte> output)
    {
        lock (_lock)
        {
            var (next, inLine, end) = (place.Next, place.InLine, EndOf(place.File));
            Span<byte> stamp = stackalloc byte[LogTimestamp.FormattedLength];
            for (; next < end && output.WrittenCount < ReadSize; inLine = _entries[next++].Continues)
            {
                var entry = _entries[next];
                if (entry.Time < options.Since)
                    continue;

                // A tail may begin within a line, with the entry's own time then; of a line that a time cuts the rest comes without any.
                if (options.Timestamps && !inLine && entry.Time.TryFormat(stamp, out var written))
                {
                    output.Write(stamp[..written]);
                    output.Write(" "u8);
                }

                output.Write(_bytes.AsSpan(entry.Offset, entry.Length));
            }

            return place with { Next = next, InLine = inLine };
        }
    }

    /// <summary>Where a follower reads on, and when; null when its container has ended and its file is read.</summary>
    public (FakePlace Place, Task When)? After(FakePlace place)
    {
        lock (_lock)
        {
            if (place.Next < EndOf(place.File))
                return (place, Task.CompletedTask);

            // A kubelet looks for rotations only while the container runs.
            if (ExitCode is not null)
                return null;

            // For each rotation it is told of it opens the file that is the current one by now.
            var current = _files.Count - 1;
            return place.Rotations < current
                ? (place with { File = current, Next = _files[current], Rotations = place.Rotations + 1 }, Task.CompletedTask)
                : (place, _changed.Task);
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

    private void BeginFile()
    {
        _files.Add(_entries.Count);
        _fileStart = _length;
    }

    private int EndOf(int file) => file + 1 < _files.Count ? _files[file + 1] : _entries.Count;

    private void Signal()
    {
        _changed.SetResult();
        _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private readonly record struct Entry(LogTimestamp Time, int Offset, int Length, bool Continues);
}
