using System.Text.RegularExpressions;

namespace RunLogs.Host.Tailing;

/// <summary>The words on which Flyte's SDK logs in again, wherever they stand in a message, and be it in the name of a run.</summary>
internal static partial class LoginWords
{
    public static string Replace(string message) => Words.Replace(message, "refused");

    [GeneratedRegex("unauthori[sz]ed|unauthenticated", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Words { get; }
}
