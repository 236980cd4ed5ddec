using Microsoft.AspNetCore.Builder;

namespace RunLogs.Connect;

/// <summary>Switches Connect on and off for single services.</summary>
public static class ConnectEndpointConventionBuilderExtensions
{
    /// <summary>Serves these gRPC endpoints over Connect.</summary>
    /// <typeparam name="TBuilder">The kind of builder.</typeparam>
    /// <param name="builder">What <c>MapGrpcService</c> returned.</param>
    /// <returns>The same builder.</returns>
    public static TBuilder EnableConnect<TBuilder>(this TBuilder builder) where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new ConnectEnabled(true));

    /// <summary>Keeps these gRPC endpoints from being served over Connect.</summary>
    /// <typeparam name="TBuilder">The kind of builder.</typeparam>
    /// <param name="builder">What <c>MapGrpcService</c> returned.</param>
    /// <returns>The same builder.</returns>
    public static TBuilder DisableConnect<TBuilder>(this TBuilder builder) where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new ConnectEnabled(false));
}
