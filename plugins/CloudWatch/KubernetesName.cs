using System.Buffers;
using RunLogs.Abstractions;

namespace RunLogs.Plugins.CloudWatch;

/// <summary>The names Kubernetes gives out; no other reaches a stream name or a filter.</summary>
internal static class KubernetesName
{
    private static readonly SearchValues<char> LabelCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    /// <summary>Refuses a request with a name that no cluster can hold.</summary>
    public static void Check(TailRequest request)
    {
        Require(IsLabel(request.Namespace), "The namespace", request.Namespace);
        Require(request.Pod.Length <= 253 && request.Pod.Split('.').All(IsLabelText), "The pod", request.Pod);
        Require(IsLabel(request.Container), "The container", request.Container);
        Require(string.IsNullOrEmpty(request.PodUid) || IsUid(request.PodUid), "The pod's UID", request.PodUid ?? "");
        Require(string.IsNullOrEmpty(request.Node) || (request.Node.Length <= 253 && request.Node.Split('.').All(IsLabelText)), "The node", request.Node ?? "");
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
