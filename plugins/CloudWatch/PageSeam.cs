namespace RunLogs.Plugins.CloudWatch;

/// <summary>Finds the events that two pages have in common where one follows the other: the service repeats some now and then.</summary>
internal sealed class PageSeam
{
    private ulong[] _last = [];

    /// <summary>How many events at the beginning of the next page look like those at the end of the last one.</summary>
    /// <remarks>Lines that are truly equal look the same: only what stood once on the last page counts, and the caller finds out how many there are.</remarks>
    public int Overlap(ulong[] page)
    {
        if (page.Length == 0)
            return 0;

        var last = _last;
        _last = page;
        for (var length = Math.Min(last.Length, page.Length); length > 0; length--)
        {
            var common = page.AsSpan(0, length);
            if (last.AsSpan()[^length..].SequenceEqual(common))
                return AreSingle(common, last) ? length : 0;
        }

        return 0;
    }

    public void Forget() => _last = [];

    private static bool AreSingle(ReadOnlySpan<ulong> common, ulong[] last)
    {
        var counts = new Dictionary<ulong, int>();
        foreach (var print in last)
            counts[print] = counts.GetValueOrDefault(print) + 1;

        foreach (var print in common)
        {
            if (counts[print] != 1)
                return false;
        }

        return true;
    }
}
