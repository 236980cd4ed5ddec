using RunLogs.Abstractions;

namespace LibraryOnNewerAbstractions;

/// <summary>Cannot be laid out in memory without the newer abstractions.</summary>
public class Clock
{
    private LogTimestamp _last;

    public long Last
    {
        get => _last.UnixNanoseconds;
        set => _last = new LogTimestamp(value);
    }
}
