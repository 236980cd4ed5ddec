using System.Globalization;

namespace RunLogs.Comparison.Api;

/// <summary>What is asked for by which path: as much of the Kubernetes API as <c>kubectl logs</c> and a log backend use.</summary>
internal static class ApiRoutes
{
    public static ApiAnswer Find(string target)
    {
        var (path, query) = target.Split('?', 2) is [var before, var behind] ? (before, behind) : (target, "");
        return path switch
        {
            "/version" => new(200, """{"major":"1","minor":"34","gitVersion":"v1.34.0","platform":"linux/amd64"}"""),
            "/api" => new(200, """{"kind":"APIVersions","versions":["v1"],"serverAddressByClientCIDRs":[]}"""),
            "/apis" => new(200, """{"kind":"APIGroupList","apiVersion":"v1","groups":[]}"""),
            "/api/v1" => new(200,
                """
                {"kind":"APIResourceList","groupVersion":"v1","resources":[
                {"name":"pods","singularName":"pod","namespaced":true,"kind":"Pod","verbs":["get","list"]},
                {"name":"pods/log","singularName":"","namespaced":true,"kind":"Pod","verbs":["get"]}]}
                """),
            _ => path.Split('/') is ["", "api", "v1", "namespaces", var space, "pods", var name, .. var rest] && PodScript.Parse(name) is { } pod
                ? rest is ["log"] ? new(200, "", new LogQuery(pod, query)) : new(200, Pod(space, pod))
                : new(404, """{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"the server could not find the requested resource","reason":"NotFound","code":404}"""),
        };
    }

    // A running container has just started: its log is whole.
    private static string Pod(string space, PodScript pod)
    {
        var id = $"containerd://{pod.Identity:x32}{pod.Identity:x32}";
        var started = pod.Kind is PodKind.Ended or PodKind.Endless
            ? LogText.TimeOf(0)
            : TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        var state = pod.Runs
            ? $$$"""{"running":{"startedAt":"{{{started}}}"}}"""
            : $$$"""{"terminated":{"exitCode":0,"reason":"Completed","startedAt":"{{{started}}}","finishedAt":"{{{LogText.TimeOf((pod.Lines / LogText.LinesPerSecond) + 1)}}}","containerID":"{{{id}}}"}}""";
        return $$$"""
            {"kind":"Pod","apiVersion":"v1","metadata":{"name":"{{{pod.Name}}}","namespace":"{{{space}}}","uid":"{{{pod.Identity:x32}}}","labels":{"app":"work"}},
            "spec":{"restartPolicy":"Never","nodeName":"{{{pod.Node}}}","containers":[{"name":"main","image":"example.org/work:1"}]},
            "status":{"phase":"{{{(pod.Runs ? "Running" : "Succeeded")}}}","containerStatuses":[{"name":"main","image":"example.org/work:1","imageID":"","ready":{{{(pod.Runs ? "true" : "false")}}},
            "restartCount":0,"containerID":"{{{id}}}","state":{{{state}}},"lastState":{}}]}}
            """;
    }
}
