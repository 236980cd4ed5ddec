using System.Text.Json.Nodes;

namespace RunLogs.Testing.Kubernetes;

/// <summary>As much of the API's description of itself as kubectl asks for.</summary>
internal static class FakeDiscovery
{
    public static JsonObject? Find(string path) => path switch
    {
        "/version" => new JsonObject { ["major"] = "1", ["minor"] = "34", ["gitVersion"] = "v1.34.0", ["platform"] = "linux/amd64" },
        "/api" => new JsonObject { ["kind"] = "APIVersions", ["versions"] = new JsonArray("v1"), ["serverAddressByClientCIDRs"] = new JsonArray() },
        "/apis" => new JsonObject { ["kind"] = "APIGroupList", ["apiVersion"] = "v1", ["groups"] = new JsonArray() },
        "/api/v1" => new JsonObject
        {
            ["kind"] = "APIResourceList",
            ["groupVersion"] = "v1",
            ["resources"] = new JsonArray(Resource("pods", "Pod", "get", "list"), Resource("pods/log", "Pod", "get")),
        },
        _ => null,
    };

    public static JsonObject Namespace(string name) => new()
    {
        ["kind"] = "Namespace",
        ["apiVersion"] = "v1",
        ["metadata"] = new JsonObject { ["name"] = name },
        ["status"] = new JsonObject { ["phase"] = "Active" },
    };

    private static JsonObject Resource(string name, string kind, params string[] verbs) => new()
    {
        ["name"] = name,
        ["singularName"] = name == "pods" ? "pod" : "",
        ["namespaced"] = true,
        ["kind"] = kind,
        ["verbs"] = new JsonArray([.. verbs.Select(verb => (JsonNode)verb)]),
    };
}
