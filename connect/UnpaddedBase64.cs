namespace RunLogs.Connect;

/// <summary>Base64 without its trailing equals signs, as Connect sends binary values.</summary>
internal static class UnpaddedBase64
{
    public static string Encode(ReadOnlySpan<byte> bytes) => Convert.ToBase64String(bytes).TrimEnd('=');
}
