namespace RunLogs.Host.Contexts;

/// <summary>What is wrong with one field of a request; the two read as one sentence.</summary>
internal readonly record struct ContextFault(string Field, string Description)
{
    public override string ToString() => $"{Field} {Description}";
}
