using System.Text.Json;
using k8s;
using k8s.Models;
using RunLogs.Abstractions;

namespace RunLogs.Plugins.Kubernetes;

/// <summary>Reads the status of one request's pod.</summary>
internal sealed class PodStatusReader(ClusterConnection connection, TailRequest request)
{
    private string? _uid = request.PodUid is { Length: > 0 } ? request.PodUid : null;

    /// <summary>Whether the name was last seen to belong to another pod.</summary>
    public bool IsReplaced { get; private set; }

    /// <summary>The pod's status; null when there is no pod of that name, or another one.</summary>
    public async Task<PodStatus?> TryReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await ReadAsync(cancellationToken);
        }
        catch (LogStreamException fault) when (fault.Error == LogStreamError.NotFound)
        {
            return null;
        }
    }

    /// <summary>The pod's status; NotFound when there is no pod of that name, or another one.</summary>
    public async Task<PodStatus> ReadAsync(CancellationToken cancellationToken)
    {
        using var response = await connection.GetAsync(LogUrl.Pod(request), null, cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            throw (await ApiFailure.ReadAsync(connection, response, cancellationToken)).ToException(request);
        }

        var pod = new PodStatus(Parse(await connection.ReadBodyAsync(response, cancellationToken)));

        // A pod made again under the same name has another UID: it is not the one that was asked for.
        _uid ??= pod.Uid;
        IsReplaced = pod.Uid != _uid;
        return IsReplaced ? throw ApiFailure.PodNotFound(request) : pod;
    }

    private V1Pod Parse(byte[] body)
    {
        try
        {
            return KubernetesJson.Deserialize<V1Pod>(new MemoryStream(body));
        }
        catch (Exception fault) when (fault is JsonException or FormatException)
        {
            throw new LogStreamException(LogStreamError.Internal, $"the Kubernetes API answered something that is no pod for {request.Pod}", "BAD_ANSWER", fault);
        }
    }
}
