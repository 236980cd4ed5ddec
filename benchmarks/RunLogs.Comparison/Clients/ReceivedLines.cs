using System.IO.Hashing;
using System.Text;
using RunLogs.Comparison.Rig;
using RunLogs.Protos.Flyte.Dataproxy;

namespace RunLogs.Comparison.Clients;

/// <summary>What a client that looks at every line has got.</summary>
internal sealed class ReceivedLines
{
    private readonly XxHash128 _hash = new();
    private readonly byte[] _text = new byte[1024 * 1024];
    private long _lines;

    public void Add(TailLogsResponse response)
    {
        foreach (var line in response.Logs.SelectMany(logs => logs.Lines))
        {
            _hash.Append(_text.AsSpan(0, Encoding.UTF8.GetBytes(line.Message, _text)));
            _lines++;
        }
    }

    public void Check(ExpectedLog expected, string who) => expected.Check(who, _lines, Convert.ToHexStringLower(_hash.GetCurrentHash()));
}
