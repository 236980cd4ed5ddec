using Google.Protobuf.Reflection;

namespace RunLogs.Connect;

/// <summary>Endpoint metadata: the Protobuf service behind a gRPC service whose .NET types do not tell.</summary>
/// <remarks>
/// Services bound by generated code need none. One bound by hand, such as a service that answers with messages it
/// encoded itself, gets it by <c>MapGrpcService&lt;T&gt;().WithMetadata(new ConnectDescriptor(...))</c>; without it only
/// the Protobuf codec is served, not JSON.
/// </remarks>
/// <param name="service">The service; methods are found in it by name.</param>
public sealed class ConnectDescriptor(ServiceDescriptor service)
{
    /// <summary>The service; methods are found in it by name.</summary>
    public ServiceDescriptor Service { get; } = service;
}
