namespace RunLogs.Abstractions;

/// <summary>The attempt a log belongs to.</summary>
public sealed record AttemptIdentity
{
    /// <summary>The organisation; empty matches any.</summary>
    public string Org { get; init; } = "";
    /// <summary>The project.</summary>
    public required string Project { get; init; }
    /// <summary>The domain.</summary>
    public required string Domain { get; init; }
    /// <summary>The run's name.</summary>
    public required string Run { get; init; }
    /// <summary>The action's name within the run.</summary>
    public required string Action { get; init; }
    /// <summary>The attempt number, from 1.</summary>
    public required uint Attempt { get; init; }
    /// <summary>The form used in messages: <c>org/project/domain/run/action attempt N</c>; an empty org is left out.</summary>
    public override string ToString() => $"{(Org.Length > 0 ? Org + "/" : "")}{Project}/{Domain}/{Run}/{Action} attempt {Attempt}";
}
