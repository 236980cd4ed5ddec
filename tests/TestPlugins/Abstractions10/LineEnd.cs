namespace RunLogs.Abstractions;

/// <summary>What follows the text of an entry in the original log.</summary>
public enum LineEnd : byte
{
    /// <summary>A line feed: the line is whole.</summary>
    LineFeed,
    /// <summary>Nothing: the log ended without a final line feed.</summary>
    None,
    /// <summary>The rest of the same line, in the next entry: it was longer than <see cref="PluginContext.MaxLineBytes"/>.</summary>
    Continues,
}
