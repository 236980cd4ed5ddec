namespace RunLogs.Plugins.CloudWatch;

/// <summary>A log group by its name or, when another account's is read, by its ARN.</summary>
internal sealed record LogGroup(string Text)
{
    private bool IsArn => Text.StartsWith("arn:", StringComparison.Ordinal);

    public string? Name => IsArn ? null : Text;

    public string? Identifier => IsArn ? Text : null;
}
