namespace RunLogs.Cli.Output;

/// <summary>The values of <c>--color</c>.</summary>
internal enum ColorUse
{
    Auto,
    Always,
    Never,
}
