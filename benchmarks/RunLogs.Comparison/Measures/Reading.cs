namespace RunLogs.Comparison.Measures;

/// <summary>One way to read a log, which checks what it reads.</summary>
/// <param name="Name">As reports call it.</param>
/// <param name="Counted">Whose computing counts.</param>
/// <param name="RunAsync">Reads it once.</param>
internal sealed record Reading(string Name, Counted Counted, Func<CancellationToken, Task> RunAsync);
