using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace RunLogs.Testing.Kubernetes;

/// <summary>An error of the API: its code and its <c>Status</c> object.</summary>
internal sealed class FakeStatus(int code, string? reason, string message, JsonObject? details = null) : Exception(message)
{
    public static JsonSerializerOptions Compact { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static JsonSerializerOptions Pretty { get; } = new(Compact) { WriteIndented = true };

    public int Code => code;

    public static FakeStatus BadRequest(string message) => new(400, "BadRequest", message);

    public static FakeStatus PodNotFound(string name) =>
        new(404, "NotFound", $"pods \"{name}\" not found", new JsonObject { ["name"] = name, ["kind"] = "pods" });

    public static FakeStatus NotInKubelet(string name) =>
        new(404, "NotFound", $"the server could not find the requested resource ( pods/log {name})", new JsonObject { ["name"] = name, ["kind"] = "pods/log" });

    public static FakeStatus Forbidden(string pod, string user, string resource, string @namespace) =>
        new(403, "Forbidden", $"pods \"{pod}\" is forbidden: User \"{user}\" cannot get resource \"{resource}\" in API group \"\" in the namespace \"{@namespace}\"", new JsonObject { ["name"] = pod, ["kind"] = "pods" });

    public static FakeStatus Invalid(string pod, string field, string problem, string reason = "FieldValueInvalid") =>
        new(422, "Invalid", $"PodLogOptions \"{pod}\" is invalid: {field}: {problem}", new JsonObject
        {
            ["name"] = pod,
            ["kind"] = "PodLogOptions",
            ["causes"] = new JsonArray(new JsonObject { ["reason"] = reason, ["message"] = problem, ["field"] = field }),
        });

    public string ToJson(bool pretty) => Body(code, reason, Message, details).ToJsonString(pretty ? Pretty : Compact) + "\n";

    public static JsonObject Body(int code, string? reason, string message, JsonObject? details)
    {
        var status = new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject(),
            ["status"] = "Failure",
            ["message"] = message,
        };
        if (reason is not null)
            status["reason"] = reason;

        if (details is not null)
            status["details"] = details.DeepClone();

        status["code"] = code;
        return status;
    }
}
