using Microsoft.AspNetCore.Builder;

namespace RunLogs.Connect;

/// <summary>Puts the Connect protocol into a request pipeline.</summary>
public static class ConnectApplicationBuilderExtensions
{
    /// <summary>Serves the gRPC endpoints over the Connect protocol too, on the same routes.</summary>
    /// <remarks>
    /// After <c>UseRouting</c> and before the endpoints, beside <c>UseGrpcWeb</c>. Middleware placed later
    /// (authorization, for one) sees a gRPC request.
    /// </remarks>
    /// <param name="app">The pipeline.</param>
    /// <param name="options">What is served; without it only endpoints marked with
    /// <see cref="ConnectEndpointConventionBuilderExtensions.EnableConnect{TBuilder}"/>.</param>
    /// <returns>The pipeline.</returns>
    public static IApplicationBuilder UseConnect(this IApplicationBuilder app, ConnectOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(app);

        return app.UseMiddleware<ConnectMiddleware>(options ?? new ConnectOptions());
    }

    /// <summary>Sends binary metadata over gRPC and gRPC-Web without the padding of its base64, as gRPC asks servers to; Connect needs no help.</summary>
    /// <remarks>After <c>UseGrpcWeb</c> and <see cref="UseConnect"/>.</remarks>
    /// <param name="app">The pipeline.</param>
    /// <returns>The pipeline.</returns>
    public static IApplicationBuilder UseBinaryMetadata(this IApplicationBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);

        return app.UseMiddleware<BinaryMetadata>();
    }
}
