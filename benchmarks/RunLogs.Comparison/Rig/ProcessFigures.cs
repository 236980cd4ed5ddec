using System.Globalization;

namespace RunLogs.Comparison.Rig;

/// <summary>What the kernel tells of a process.</summary>
internal sealed class ProcessFigures(int id)
{
    private const int TicksPerSecond = 100;

    // Of /proc/<id>/stat, counted from behind the program's name.
    private const int UserTicks = 11;
    private const int ChildrenUserTicks = 13;

    /// <summary>What it has computed so far.</summary>
    public TimeSpan ProcessorTime => Ticks(UserTicks);

    /// <summary>What its children that have ended computed.</summary>
    public TimeSpan ProcessorTimeOfChildren => Ticks(ChildrenUserTicks);

    public long ResidentBytes => Status("VmRSS:");

    /// <summary>The most that was resident since <see cref="ForgetPeak"/>.</summary>
    public long PeakBytes => Status("VmHWM:");

    /// <summary>What it has read from files and sockets.</summary>
    public long ReadBytes => long.Parse(File.ReadLines($"/proc/{id}/io").First(line => line.StartsWith("rchar:", StringComparison.Ordinal))[6..], CultureInfo.InvariantCulture);

    public void ForgetPeak() => File.WriteAllText($"/proc/{id}/clear_refs", "5");

    private TimeSpan Ticks(int field)
    {
        var stat = File.ReadAllText($"/proc/{id}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        var ticks = long.Parse(fields[field], CultureInfo.InvariantCulture) + long.Parse(fields[field + 1], CultureInfo.InvariantCulture);
        return TimeSpan.FromSeconds((double)ticks / TicksPerSecond);
    }

    private long Status(string name)
    {
        var line = File.ReadLines($"/proc/{id}/status").First(one => one.StartsWith(name, StringComparison.Ordinal));
        return long.Parse(line[name.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) * 1024;
    }
}
