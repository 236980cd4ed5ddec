using System.Buffers;
using RunLogs.Abstractions;

namespace RunLogs.Plugins;

/// <summary>The names Kubernetes gives out; no other reaches a file's path, a URL or a filter.</summary>
internal static class KubernetesName
{
    private static readonly SearchValues<char> LabelCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    /// <summary>Refuses a request with a name that no cluster can hold.</summary>
    public static void Check(TailRequest request)
    {
        Require(IsLabel(request.Namespace), "The namespace", request.Namespace);
        Require(request.Pod.Length <= 253 && request.Pod.Split('.').All(IsLabelText), "The pod", request.Pod);
        Require(request.Container.Length == 0 || IsLabel(request.Container), "The container", request.Container);
        Require(string.IsNullOrEmpty(request.PodUid) || IsUid(request.PodUid), "The pod's UID", request.PodUid ?? "");
        Require(string.IsNullOrEmpty(request.Node) || (request.Node.Length <= 253 && request.Node.Split('.').All(IsLabelText)), "The node", request.Node ?? "");
    }

    /// <summary>Refuses a request without a container, for an archive that cannot list what a pod had.</summary>
    public static void CheckContainer(TailRequest request)
    {
        if (request.Container.Length == 0)
            throw new LogStreamException(LogStreamError.InvalidRequest, $"Name the container of pod {request.Pod}: the archive keeps each container's log on its own.", "INVALID_NAME");
    }

    public static bool IsContainerId(ReadOnlySpan<char> text) => text.Length == 64 && !text.ContainsAnyExcept(HexDigits);

    public static bool IsUid(ReadOnlySpan<char> text) => text.Length <= 63 && IsLabelText(text);

    private static bool IsLabel(string text) => text.Length <= 63 && IsLabelText(text);

    private static bool IsLabelText(string text) => IsLabelText(text.AsSpan());

    private static bool IsLabelText(ReadOnlySpan<char> text) =>
        text.Length > 0 && text[0] != '-' && text[^1] != '-' && !text.ContainsAnyExcept(LabelCharacters);

    private static void Require(bool valid, string what, string name)
    {
        if (!valid)
            throw new LogStreamException(LogStreamError.InvalidRequest, $"{what} '{Printable(name)}' is not a name Kubernetes gives.", "INVALID_NAME");
    }

    private static string Printable(string name) => string.Concat(name.Take(80).Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c));
}
