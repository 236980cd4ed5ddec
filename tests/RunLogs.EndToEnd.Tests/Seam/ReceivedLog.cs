using System.Globalization;
using System.IO.Hashing;
using Google.Protobuf.WellKnownTypes;
using RunLogs.Protos.V1;

namespace RunLogs.EndToEnd.Tests.Seam;

/// <summary>What one client has got over all of its calls, compared line by line with what was written.</summary>
internal sealed class ReceivedLog(WrittenLog written, string client)
{
    private readonly XxHash128 _whole = new();
    private readonly List<string> _calls = [];
    private OwnCount _call = new();

    /// <summary>Lines in all.</summary>
    public int Lines { get; private set; }

    public int Calls => _calls.Count;

    public void BeginCall(int host, string how)
    {
        _call = new OwnCount();
        _calls.Add(string.Create(CultureInfo.InvariantCulture, $"host {host} from line {Lines} {how}"));
    }

    /// <summary>Takes the next line, which must be the next one written.</summary>
    public void Take(string message, Timestamp? time = null, string? backend = null)
    {
        var text = OwnCount.WithoutLineEnd(message);
        if (written.Differs(Lines, text, time is null ? null : (time.Seconds * 1_000_000_000) + time.Nanos) is { } difference)
        {
            Fail(difference + (backend is null ? "" : $" from {backend}"));
        }

        Lines++;
        _call.Add(message, backend);
        OwnCount.Append(_whole, text);
    }

    /// <summary>The record that a call ended with says what the client counted.</summary>
    public void CheckClosing(Closing? closing)
    {
        if (_call.Differs(closing) is { } difference)
        {
            Fail(difference);
        }
    }

    /// <summary>All of the log has come, and the last call says so.</summary>
    public void CheckWhole(Closing closing)
    {
        if (Lines != written.Count)
        {
            Fail($"the log ended after {Lines} of {written.Count} lines: {closing}");
        }

        if (!_whole.GetCurrentHash().AsSpan().SequenceEqual(written.Hash))
        {
            Fail("the hash over all calls is not the writer's");
        }

        if ((closing.Completeness, closing.EndReason) != (Closing.Types.Completeness.Complete, Closing.Types.EndReason.ContainerEnded))
        {
            Fail($"all lines came, but the end is said to be {closing}");
        }
    }

    public void Fail(string what) => Assert.Fail($"{written.Name}, {client}: {what}. Calls: {string.Join("; ", _calls)}.");
}
