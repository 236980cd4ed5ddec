using Amazon;

namespace RunLogs.Plugins.CloudWatch;

/// <summary>Where calls go, and the region they are signed for.</summary>
internal sealed record AwsPlace(RegionEndpoint Region, Uri Endpoint);
