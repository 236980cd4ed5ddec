using System.Buffers;
using System.ComponentModel.DataAnnotations;

namespace RunLogs.Host.Settings;

/// <summary>Names of HTTP headers, separated by commas.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class HeaderNamesAttribute() : ValidationAttribute("must be names of HTTP headers separated by commas, such as authorization, cookie")
{
    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    public override bool IsValid(object? value) => value is string text
        && (string.IsNullOrWhiteSpace(text) || text.Split(',', StringSplitOptions.TrimEntries).All(name => name.Length > 0 && !name.AsSpan().ContainsAnyExcept(NameCharacters)));
}
