namespace RunLogs.Plugins.CloudWatch;

/// <summary>A log group by its name or, when another account's is read, by its ARN.</summary>
internal sealed record LogGroup(string Text)
{
    private bool IsArn => Text.StartsWith("arn:", StringComparison.Ordinal);

    public string? Name => IsArn ? null : Text;

    // The console shows ARNs with this end, which calls do not take.
    public string? Identifier => !IsArn ? null : Text.EndsWith(":*", StringComparison.Ordinal) ? Text[..^2] : Text;
}
