using System.Text;

namespace RunLogs.Comparison.Api;

/// <summary>A kubeconfig with one cluster and one user; JSON is YAML, too.</summary>
internal static class KubeConfig
{
    public static string For(string url, string? authorityPem)
    {
        var authority = authorityPem is null ? "" : $@", ""certificate-authority-data"": ""{Convert.ToBase64String(Encoding.ASCII.GetBytes(authorityPem))}""";
        return $$"""
            { "apiVersion": "v1", "kind": "Config", "current-context": "it",
              "clusters": [{ "name": "it", "cluster": { "server": "{{url}}"{{authority}} } }],
              "contexts": [{ "name": "it", "context": { "cluster": "it", "user": "it", "namespace": "flyte" } }],
              "users": [{ "name": "it", "user": { "token": "none" } }] }
            """;
    }
}
