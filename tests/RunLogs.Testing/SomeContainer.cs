namespace RunLogs.Testing;

/// <summary>A container that a <see cref="FakeNode"/> runs.</summary>
public sealed record SomeContainer
{
    public string Namespace { get; init; } = "flytesnacks-development";
    public string Pod { get; init; } = "finished-a0-0";
    public string PodUid { get; init; } = "6f2d7c9e-0a4b-4a5e-9d3e-1f0c5b7a8e21";
    public string Name { get; init; } = "main";
    public string Node { get; init; } = "ip-10-0-1-23.eu-central-1.compute.internal";
}
