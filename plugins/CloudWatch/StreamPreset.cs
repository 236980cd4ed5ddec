namespace RunLogs.Plugins.CloudWatch;

/// <summary>Who writes the streams, and so how they are named.</summary>
internal enum StreamPreset
{
    /// <summary>Fluent Bit as Amazon CloudWatch Observability and Container Insights install it.</summary>
    ContainerInsights,

    /// <summary>The log router of EKS on Fargate.</summary>
    Fargate,

    /// <summary>Fluent Bit with a stream prefix.</summary>
    FluentBit,

    /// <summary>Any other: the whole name is given.</summary>
    Plain,
}
