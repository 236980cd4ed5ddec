namespace RunLogs.Benchmarks;

/// <summary>How a tail is asked for.</summary>
internal sealed record TailTransport(string Name, string Http, bool IsGrpc = false, bool AcceptsGzip = false, bool IsJson = false)
{
    public string ContentType => IsGrpc ? "application/grpc" : IsJson ? "application/connect+json" : "application/connect+proto";
}
