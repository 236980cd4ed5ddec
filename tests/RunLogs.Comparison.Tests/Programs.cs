using RunLogs.Comparison.Clients;
using RunLogs.Testing;

namespace RunLogs.Comparison.Tests;

/// <summary>What the comparison needs beside itself.</summary>
internal static class Programs
{
    /// <summary>The host of the same configuration, where its build put it and its plugins.</summary>
    public static string Host { get; } = Path.Combine([Path.GetFullPath("../../../../../host/bin", AppContext.BaseDirectory), .. AppContext.BaseDirectory.TrimEnd('/').Split('/')[^2..]]);

    /// <summary>Skips the test where one is missing, but not in CI.</summary>
    public static void Require()
    {
        foreach (var program in Comparison.Programs)
        {
            OutsideProcess.Require(OutsideProgram.IsThere(program), program);
        }
    }
}
