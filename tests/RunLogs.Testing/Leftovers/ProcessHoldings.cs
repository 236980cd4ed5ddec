using System.Globalization;

namespace RunLogs.Testing.Leftovers;

/// <summary>The sockets and threads of a process at one moment, as Linux tells them; elsewhere none are seen.</summary>
public sealed class ProcessHoldings
{
    // The runtime starts these once for the whole process, when they are first needed, and ends some when it likes.
    private static readonly string[] OfTheRuntime =
        [".NET TP ", ".NET Sockets", ".NET Timer", ".NET Tiered", ".NET Finalizer", ".NET SigHandler", ".NET SynchManag", ".NET EventPipe", ".NET Server GC", ".NET BGC"];

    private readonly Dictionary<string, string> _sockets = [];
    private readonly Dictionary<string, string> _threads = [];

    /// <summary>What a process holds now.</summary>
    public static ProcessHoldings Of(int processId)
    {
        var holdings = new ProcessHoldings();
        if (OperatingSystem.IsLinux())
        {
            holdings.ReadSockets($"/proc/{processId}");
            holdings.ReadThreads($"/proc/{processId}/task");
        }

        return holdings;
    }

    /// <summary>What is there now and was not before, each with its kind; connections to <paramref name="pooledPorts"/> are a client's pool and not looked at.</summary>
    public IReadOnlyList<string> Beyond(ProcessHoldings before, params int[] pooledPorts) =>
    [
        .. _sockets.Where(socket => !before._sockets.ContainsKey(socket.Key) && !pooledPorts.Any(port => socket.Value.EndsWith($" to port {port}", StringComparison.Ordinal)))
            .Select(socket => $"socket {socket.Value}"),
        .. _threads.Where(thread => !before._threads.ContainsKey(thread.Key)).Select(thread => $"thread '{thread.Value}'"),
    ];

    private void ReadSockets(string process)
    {
        var known = Known(process);
        foreach (var descriptor in Directory.GetFiles($"{process}/fd"))
        {
            if (Link(descriptor) is { } link && link.StartsWith("socket:[", StringComparison.Ordinal))
            {
                _sockets[link] = known.GetValueOrDefault(link["socket:[".Length..^1], link);
            }
        }
    }

    private void ReadThreads(string tasks)
    {
        foreach (var thread in Directory.GetDirectories(tasks))
        {
            try
            {
                var name = File.ReadAllText($"{thread}/comm").Trim();
                if (!OfTheRuntime.Any(own => name.StartsWith(own[..Math.Min(own.Length, 15)], StringComparison.Ordinal)))
                {
                    _threads[Path.GetFileName(thread)] = name;
                }
            }
            catch (IOException)
            {
                // It has ended meanwhile.
            }
        }
    }

    // Where each TCP and local socket leads, by its inode.
    private static Dictionary<string, string> Known(string process)
    {
        var known = new Dictionary<string, string>();
        foreach (var table in new[] { "tcp", "tcp6" })
        {
            foreach (var columns in Rows($"{process}/net/{table}"))
            {
                known[columns[9]] = $"TCP of port {Port(columns[1])} to port {Port(columns[2])}";
            }
        }

        foreach (var columns in Rows($"{process}/net/unix"))
        {
            known[columns[6]] = $"local {columns.ElementAtOrDefault(7) ?? "without a name"}";
        }

        return known;
    }

    private static IEnumerable<string[]> Rows(string table) =>
        File.Exists(table) ? File.ReadAllLines(table).Skip(1).Select(row => row.Split(' ', StringSplitOptions.RemoveEmptyEntries)) : [];

    private static int Port(string address) => int.Parse(address[(address.IndexOf(':', StringComparison.Ordinal) + 1)..], NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private static string? Link(string descriptor)
    {
        try
        {
            return new FileInfo(descriptor).LinkTarget;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
