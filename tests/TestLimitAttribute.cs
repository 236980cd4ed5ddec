using System.Collections;
using System.Reflection;
using Xunit.v3;

[assembly: RunLogs.Testing.TestLimit]

namespace RunLogs.Testing;

/// <summary>Ends a test that does not end by itself through its token, so that a run fails with its name instead of hanging.</summary>
/// <remarks>Long runs, which are asked for by a variable <c>RUNLOGS_…</c>, may last.</remarks>
[AttributeUsage(AttributeTargets.Assembly)]
internal sealed class TestLimitAttribute : BeforeAfterTestAttribute
{
    private static readonly TimeSpan Limit =
        Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().Any(variable => ((string)variable.Key).StartsWith("RUNLOGS_", StringComparison.Ordinal))
            ? Timeout.InfiniteTimeSpan
            : TimeSpan.FromMinutes(4);

    public override void Before(MethodInfo methodUnderTest, IXunitTest test)
    {
        var context = TestContext.Current;
        context.KeyValueStorage[Key(test)] = TimeProvider.System.CreateTimer(
            _ =>
            {
                context.SendDiagnosticMessage($"'{test.TestDisplayName}' did not end within {Limit}.");
                context.CancelCurrentTest();
            },
            null,
            Limit,
            Timeout.InfiniteTimeSpan);
    }

    public override void After(MethodInfo methodUnderTest, IXunitTest test)
    {
        if (TestContext.Current.KeyValueStorage.TryRemove(Key(test), out var timer))
        {
            ((IDisposable)timer!).Dispose();
        }
    }

    // All tests of a run share the storage.
    private static string Key(IXunitTest test) => $"{nameof(TestLimitAttribute)} {test.UniqueID}";
}
