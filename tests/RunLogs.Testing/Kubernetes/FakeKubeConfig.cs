using System.Text;
using System.Text.Json.Nodes;

namespace RunLogs.Testing.Kubernetes;

/// <summary>A kubeconfig with one cluster and one user.</summary>
internal static class FakeKubeConfig
{
    public static string For(string url, string token, string? authorityPem)
    {
        // kubectl and the client library read JSON as the YAML it is.
        var cluster = new JsonObject { ["server"] = url };
        if (authorityPem is not null)
            cluster["certificate-authority-data"] = Convert.ToBase64String(Encoding.ASCII.GetBytes(authorityPem));

        return new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Config",
            ["current-context"] = "fake",
            ["clusters"] = new JsonArray(new JsonObject { ["name"] = "fake", ["cluster"] = cluster }),
            ["contexts"] = new JsonArray(new JsonObject { ["name"] = "fake", ["context"] = new JsonObject { ["cluster"] = "fake", ["user"] = "fake" } }),
            ["users"] = new JsonArray(new JsonObject { ["name"] = "fake", ["user"] = new JsonObject { ["token"] = token } }),
        }.ToJsonString();
    }
}
