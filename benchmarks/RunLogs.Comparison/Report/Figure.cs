namespace RunLogs.Comparison.Report;

/// <summary>One figure beside what was asked of it.</summary>
/// <param name="What">What it is a figure of.</param>
/// <param name="Value">The figure.</param>
/// <param name="Unit">What stands behind it.</param>
/// <param name="AtLeast">What must be reached.</param>
/// <param name="Aim">What would be good.</param>
/// <param name="LessIsBetter">Whether a smaller figure is the better one.</param>
internal sealed record Figure(string What, double Value, string Unit, double AtLeast, double Aim, bool LessIsBetter = false)
{
    public string Verdict => Reaches(Aim) ? "aim reached" : Reaches(AtLeast) ? "reached" : "not reached";

    private bool Reaches(double goal) => LessIsBetter ? Value <= goal : Value >= goal;
}
