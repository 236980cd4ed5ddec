namespace RunLogs.EndToEnd.Tests;

/// <summary>What a message to people looks like.</summary>
internal static class Sentence
{
    public static void Check(string message) => Assert.True(IsOne(message), message);

    public static bool IsOne(string message) => message is { Length: > 10 and < 4096 } && message.Contains(' ', StringComparison.Ordinal)
        && !message.Any(char.IsControl) && !message.Contains("Exception", StringComparison.Ordinal);
}
