using System.ComponentModel.DataAnnotations;
using RunLogs.Host.Cursors;

namespace RunLogs.Host.Settings;

/// <summary>Secrets of some length, separated by commas.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class CursorKeysAttribute() : ValidationAttribute($"must be a secret of {CursorKey.LeastCharacters} characters or more, or several of them separated by commas")
{
    public override bool IsValid(object? value) => value is string text
        && (text.Length == 0 || text.Split(',', StringSplitOptions.TrimEntries).All(secret => secret.Length >= CursorKey.LeastCharacters));
}
