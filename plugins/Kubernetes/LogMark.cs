using RunLogs.Abstractions;

namespace RunLogs.Plugins.Kubernetes;

/// <summary>What a reading of a log ended with: its last lines of one and the same time. Two readings with equal marks reached the same end.</summary>
/// <param name="Time">The time they have; without meaning when there are none.</param>
/// <param name="Lines">How many they are.</param>
/// <param name="Bytes">The length of their text, with their line feeds: a line that was cut is shorter.</param>
internal record struct LogMark(LogTimestamp Time, long Lines, long Bytes)
{
    public void AddLine(LogTimestamp time)
    {
        if (Lines > 0 && time == Time)
        {
            Lines++;
        }
        else
        {
            (Time, Lines, Bytes) = (time, 1, 0);
        }
    }

    public void AddBytes(int bytes) => Bytes += bytes;
}
