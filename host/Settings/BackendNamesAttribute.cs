using System.ComponentModel.DataAnnotations;

namespace RunLogs.Host.Settings;

/// <summary>Names of backends, separated by commas.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class BackendNamesAttribute() : ValidationAttribute("must be names of backends separated by commas, such as Kubernetes, Files")
{
    public override bool IsValid(object? value) => value is string text
        && (string.IsNullOrWhiteSpace(text) || text.Split(',', StringSplitOptions.TrimEntries).All(name => name.Length > 0 && name.All(char.IsAsciiLetterOrDigit)));
}
