using System.Collections;
using System.Reflection;

namespace RunLogs.Testing.Leftovers;

/// <summary>The active timers of this process by the names of their callbacks, which only the runtime's own lists tell.</summary>
internal static class ActiveTimers
{
    private const BindingFlags Any = BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.Static | BindingFlags.Instance;

    private static readonly string[] Expected =
    [
        // A pool of connections per database is kept for minutes by a process-wide timer, and nothing disposes it.
        "Microsoft.Data.Sqlite.",
        // It looks for its own settings for as long as the process lives.
        "OpenTelemetry.Internal.SelfDiagnostics",
        // Each test that runs has one.
        "RunLogs.Testing.TestLimit",
    ];

    /// <summary>How many there are of each name.</summary>
    public static IReadOnlyDictionary<string, int> Count() => Timers()
        .Select(timer => WaiterOf(timer) ?? CallbackOf(timer))
        .Where(name => !Expected.Any(expected => name.StartsWith(expected, StringComparison.Ordinal)))
        .CountBy(name => name)
        .ToDictionary();

    private static string CallbackOf(object timer) => ((Delegate)Field(timer, "_timerCallback")!).Method is var callback ? $"{callback.DeclaringType}.{callback.Name}" : "";

    // The callback of a delay says nothing; the method that awaits it does.
    private static string? WaiterOf(object timer) =>
        Field(timer, "_state") is Task delay && typeof(Task).GetField("m_continuationObject", Any)!.GetValue(delay)?.GetType().GenericTypeArguments is [.., var method] ? method.FullName : null;

    private static List<object> Timers()
    {
        var queue = typeof(Timer).Assembly.GetType("System.Threading.TimerQueue", throwOnError: true)!;
        var timers = new List<object>();
        foreach (var instance in (IEnumerable)queue.GetProperty("Instances", Any)!.GetValue(null)!)
        {
            foreach (var list in new[] { "_shortTimers", "_longTimers" })
            {
                for (var timer = Field(instance, list); timer is not null; timer = Field(timer, "_next"))
                {
                    timers.Add(timer);
                }
            }
        }

        return timers;
    }

    private static object? Field(object of, string name) =>
        (of.GetType().GetField(name, Any) ?? throw new MissingFieldException(of.GetType().FullName, name)).GetValue(of);
}
