using System.ComponentModel.DataAnnotations;

namespace RunLogs.Host.Settings;

/// <summary>More than nothing and at most a day, which also catches a bare number: it would count days.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class DurationAttribute() : ValidationAttribute("must be more than zero and at most a day, such as 00:00:15")
{
    public override bool IsValid(object? value) => value is TimeSpan duration && duration > TimeSpan.Zero && duration <= TimeSpan.FromHours(24);
}
