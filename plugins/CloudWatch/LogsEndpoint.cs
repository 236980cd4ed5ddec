using Amazon;

namespace RunLogs.Plugins.CloudWatch;

/// <summary>The service's addresses in every partition.</summary>
internal static class LogsEndpoint
{
    /// <summary>The address of a region; null where the partition has no dual-stack one.</summary>
    public static Uri? Of(RegionEndpoint region, bool fips, bool dualStack)
    {
        var name = region.SystemName;
        var suffix = dualStack ? DualStackSuffix(name) : region.PartitionDnsSuffix;
        // GovCloud's plain name is FIPS already.
        var service = fips && (dualStack || !name.StartsWith("us-gov-", StringComparison.Ordinal)) ? "logs-fips" : "logs";
        return suffix is null ? null : new Uri($"https://{service}.{name}.{suffix}/");
    }

    private static string? DualStackSuffix(string region) => region switch
    {
        _ when Begins(region, "cn-") => "api.amazonwebservices.com.cn",
        _ when Begins(region, "eusc-") => "api.amazonwebservices.eu",
        _ when Begins(region, "us-iso-") => "api.aws.ic.gov",
        _ when Begins(region, "us-isob-") => "api.aws.scloud",
        _ when Begins(region, "eu-isoe-") || Begins(region, "us-isof-") => null,
        _ => "api.aws",
    };

    private static bool Begins(string region, string prefix) => region.StartsWith(prefix, StringComparison.Ordinal);
}
