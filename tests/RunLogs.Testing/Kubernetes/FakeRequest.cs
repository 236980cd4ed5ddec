using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace RunLogs.Testing.Kubernetes;

/// <summary>One request, from its path to its answer.</summary>
internal sealed class FakeRequest(FakeKubernetesApi api, HttpContext context)
{
    private HttpRequest Request => context.Request;

    private HttpResponse Response => context.Response;

    public async Task AnswerAsync()
    {
        api.Record($"{Request.Path}{Request.QueryString}");
        try
        {
            await api.Flights.BeginAsync(context, api.Time);
            await RouteAsync();
        }
        catch (FakeStatus status)
        {
            // Whoever accepts no object at all learns that instead of the error.
            var answer = Accepts("json") || Accepts("yaml") ? status : new FakeStatus(406, "NotAcceptable", "only the following media types are accepted: application/json, application/yaml, application/vnd.kubernetes.protobuf");
            Response.StatusCode = answer.Code;
            if (status.Code == StatusCodes.Status403Forbidden)
                Response.Headers.XContentTypeOptions = "nosniff";

            await WriteJsonAsync(answer.ToJson(IsPretty), Accepts("json") || !Accepts("yaml") ? "application/json" : "application/yaml");
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
        }
    }

    private bool IsPretty => Request.Headers.UserAgent.ToString().StartsWith("curl/", StringComparison.Ordinal) || Request.Query.ContainsKey("pretty");

    private async Task RouteAsync()
    {
        if (api.Answer is { } dictated)
        {
            await dictated.WriteAsync(context);
            return;
        }

        var path = Request.Path.Value!.TrimEnd('/');
        if (FakeDiscovery.Find(path) is { } discovery)
        {
            await WriteJsonAsync(discovery.ToJsonString(FakeStatus.Compact));
            return;
        }

        // kubectl asks whether the namespace is there when a pod is not.
        if (path.Split('/') is ["", "api", "v1", "namespaces", var asked])
        {
            await WriteJsonAsync(FakeDiscovery.Namespace(asked).ToJsonString(FakeStatus.Compact));
            return;
        }

        var isLog = path.EndsWith("/log", StringComparison.Ordinal);
        if (path.Split('/') is not ["", "api", "v1", "namespaces", var @namespace, "pods", var name, .. var rest] || !(rest is [] || (isLog && rest is ["log"])))
            throw new FakeStatus(404, "NotFound", "the server could not find the requested resource");

        if (!HttpMethods.IsGet(Request.Method))
            throw new FakeStatus(405, "MethodNotAllowed", "the server does not allow this method on the requested resource");

        CheckToken(@namespace, name, isLog ? "pods/log" : "pods");
        var pod = api.FindPod(@namespace, name);
        if ((isLog ? pod?.NextLogAnswer() : pod?.NextStatusAnswer()) is { } answer)
        {
            await answer.WriteAsync(context);
            return;
        }

        if (api.EtcdIsDown && !isLog)
        {
            context.Abort();
            return;
        }

        await api.EtcdAnswersAsync(context.RequestAborted);
        if (!isLog)
        {
            await WriteJsonAsync((pod ?? throw FakeStatus.PodNotFound(name)).ToJson(IsPretty));
            return;
        }

        // The options are judged before the pod is looked for.
        var options = FakeLogOptions.Parse(Request, name, api.Time);
        await WriteLogAsync(pod ?? throw FakeStatus.PodNotFound(name), options);
    }

    private async Task WriteLogAsync(FakePod pod, FakeLogOptions options)
    {
        var container = pod.Choose(options.Container);
        if (pod.Node is null)
        {
            Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }

        if (pod.NodeIsMissing)
            throw FakeStatus.PodNotFound(pod.Node);

        if (api.Kubelet == FakeKubelet.Down)
            throw new FakeStatus(500, null, $"Get \"https://127.0.0.1:10250/containerLogs/{pod.Namespace}/{pod.Name}/{container.Name}{Request.QueryString}\": dial tcp 127.0.0.1:10250: connect: connection refused");

        if (api.Kubelet == FakeKubelet.JustStarted)
            throw FakeStatus.NotInKubelet(pod.Name);

        await api.KubeletGoesOnAsync(context.RequestAborted);

        var instance = container.Serve(options.Previous);
        Response.Headers.CacheControl = "no-cache, private";
        Response.Headers["Audit-Id"] = Guid.NewGuid().ToString();
        Response.ContentType = "text/plain";
        using var stream = new FakeLogStream(api, pod, context, container.NextCut());
        await stream.RunAsync(instance, container, options);
    }

    private void CheckToken(string @namespace, string pod, string resource)
    {
        if (api.RequiredToken is not { } token)
            return;

        var given = Request.Headers.Authorization.ToString();
        if (!given.StartsWith("Bearer ", StringComparison.Ordinal) || given.Trim() == "Bearer")
            throw FakeStatus.Forbidden(pod, "system:anonymous", resource, @namespace);

        if (given != $"Bearer {token}")
            throw new FakeStatus(401, "Unauthorized", "Unauthorized");
    }

    private bool Accepts(string type) => Request.Headers[HeaderNames.Accept] is not { Count: > 0 } accept
        || accept.ToString() is var text && (text.Contains(type, StringComparison.Ordinal) || text.Contains("*/*", StringComparison.Ordinal));

    // JSON is YAML, too.
    private async Task WriteJsonAsync(string json, string type = "application/json")
    {
        Response.Headers.CacheControl = "no-cache, private";
        Response.ContentType = type;
        await Response.WriteAsync(json, context.RequestAborted);
    }
}
