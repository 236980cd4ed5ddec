namespace RunLogs.Comparison.Report;

/// <summary>Medians and their kind.</summary>
internal static class Stats
{
    public static double Median(this IEnumerable<double> values) => values.Percentile(50);

    /// <summary>The median of the ratios within rounds.</summary>
    public static double MedianRatio(this IEnumerable<double> values, IEnumerable<double> others) => values.Zip(others, (one, other) => one / other).Median();

    /// <summary>The value below which so many of a hundred lie; between two values in a straight line.</summary>
    public static double Percentile(this IEnumerable<double> values, double percent)
    {
        var sorted = values.Order().ToArray();
        if (sorted.Length == 0)
        {
            return double.NaN;
        }

        var place = percent / 100 * (sorted.Length - 1);
        var (below, above) = (sorted[(int)Math.Floor(place)], sorted[(int)Math.Ceiling(place)]);
        return below + ((above - below) * (place - Math.Floor(place)));
    }
}
