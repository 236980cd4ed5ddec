using System.ComponentModel.DataAnnotations;

namespace RunLogs.Host.Settings;

/// <summary>Where a server is: nothing that would be lost or told to others.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class HttpAddressAttribute() : ValidationAttribute("must be an address such as https://flyte.example.com, without a user, a query or a fragment")
{
    public override bool IsValid(object? value) => value is string text && (text.Length == 0
        || (Uri.TryCreate(text, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
            && uri is { UserInfo: "", Query: "", Fragment: "", Host.Length: > 0 }));
}
