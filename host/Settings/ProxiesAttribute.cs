using System.ComponentModel.DataAnnotations;
using System.Net;

namespace RunLogs.Host.Settings;

/// <summary>Addresses of proxies, separated by commas.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ProxiesAttribute() : ValidationAttribute("must be IP addresses or networks separated by commas, such as 10.0.0.7, 10.1.0.0/16")
{
    public override bool IsValid(object? value) => value is string text && (string.IsNullOrWhiteSpace(text) || text.Split(',', StringSplitOptions.TrimEntries).All(IsProxy));

    private static bool IsProxy(string text) => text.Contains('/') ? IPNetwork.TryParse(text, out _) : IPAddress.TryParse(text, out _);
}
