using RunLogs.Abstractions;

namespace RunLogs.Plugins.Kubernetes;

/// <summary>The names a request carries, before they become part of a URL.</summary>
internal static class KubernetesName
{
    private const int LabelLength = 63;
    private const int SubdomainLength = 253;

    public static void Check(TailRequest request)
    {
        Check("namespace", request.Namespace, IsLabel(request.Namespace));
        Check("pod", request.Pod, request.Pod.Length <= SubdomainLength && request.Pod.Split('.').All(label => IsLabel(label, SubdomainLength)));
        Check("container", request.Container, request.Container.Length == 0 || IsLabel(request.Container));
    }

    private static bool IsLabel(string name, int longest = LabelLength) =>
        name.Length > 0 && name.Length <= longest && name[0] != '-' && name[^1] != '-'
        && name.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '-');

    private static void Check(string what, string name, bool isName)
    {
        if (!isName)
        {
            var shown = string.Concat(name.Where(letter => letter is > ' ' and <= '~').Take(LabelLength));
            throw new LogStreamException(LogStreamError.InvalidRequest, $"\"{shown}\" is not the name of a Kubernetes {what}", "BAD_NAME");
        }
    }
}
