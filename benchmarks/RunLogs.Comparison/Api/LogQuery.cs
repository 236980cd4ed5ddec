using System.Globalization;

namespace RunLogs.Comparison.Api;

/// <summary>A request for a log; times are always sent before the lines.</summary>
internal sealed class LogQuery
{
    public LogQuery(PodScript pod, string query)
    {
        Pod = pod;
        foreach (var pair in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = pair.Split('=') is [var key, var text] ? (key, Uri.UnescapeDataString(text)) : (pair, "");
            switch (name)
            {
                case "follow":
                    Follow = value is not ("false" or "0");
                    break;
                case "sinceTime":
                    First = LogText.SecondAt(DateTime.Parse(value, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal)) * LogText.LinesPerSecond;
                    break;
                case "tailLines" when pod.Kind == PodKind.Ended:
                    First = Math.Max(First, pod.Lines - long.Parse(value, CultureInfo.InvariantCulture));
                    break;
            }
        }
    }

    public PodScript Pod { get; }

    public bool Follow { get; }

    /// <summary>The number of the first line that is asked for.</summary>
    public long First { get; }
}
