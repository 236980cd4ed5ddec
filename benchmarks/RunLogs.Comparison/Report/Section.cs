namespace RunLogs.Comparison.Report;

/// <summary>What one measure has to report.</summary>
/// <param name="Name">The measure.</param>
/// <param name="Title">What a person calls it.</param>
/// <param name="Figures">Those of which something was asked.</param>
/// <param name="Text">The rest, in Markdown.</param>
/// <param name="Plots">Pictures by their file's name.</param>
internal sealed record Section(string Name, string Title, IReadOnlyList<Figure> Figures, string Text, IReadOnlyDictionary<string, string> Plots);
