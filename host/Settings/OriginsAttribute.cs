using System.ComponentModel.DataAnnotations;

namespace RunLogs.Host.Settings;

/// <summary>Origins of web pages, separated by commas: each as a browser sends it, none that means many.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class OriginsAttribute() : ValidationAttribute("must be origins separated by commas, each a scheme, a host and at most a port, such as https://flyte.example.com")
{
    public override bool IsValid(object? value) => value is string text
        && (string.IsNullOrWhiteSpace(text) || text.Split(',', StringSplitOptions.TrimEntries).All(IsOrigin));

    private static bool IsOrigin(string text) => Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
        && uri.GetLeftPart(UriPartial.Authority).Equals(text, StringComparison.OrdinalIgnoreCase);
}
