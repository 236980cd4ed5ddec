using RunLogs.Abstractions;

namespace RunLogs.Plugins.Files;

/// <summary>Finds a container's directory, and tells pods of one name apart.</summary>
/// <remarks>
/// By UID where it is given. Else, of the pods of that name: those that began to write after the end asked for are out. Where the
/// container's start is known, it is the pod that wrote before and after it (the container had restarted), else the first that
/// began after it, else the last that began before it. Without a start it is the one that began last.
/// </remarks>
internal sealed class PodSearch(LogRoot root)
{
    // Starts and ends are often known to the second only, and from another clock.
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(2);

    public ContainerDirectory? Find(TailRequest request)
    {
        if (!string.IsNullOrEmpty(request.PodUid))
            return root.PodDirectory(request.Namespace, request.Pod, request.PodUid) is { } directory ? Container(directory, request) : null;

        var found = root.PodDirectories(request.Namespace, request.Pod).Select(directory => Container(directory, request)).OfType<ContainerDirectory>().ToArray();
        return found.Length < 2 && request.EndedAt is null ? found.FirstOrDefault() : Choose(found, request);
    }

    private ContainerDirectory? Container(string podDirectory, TailRequest request)
    {
        var uid = Path.GetFileName(podDirectory)[(request.Namespace.Length + request.Pod.Length + 2)..];
        if (!KubernetesName.IsUid(uid))
            return null;

        if (request.Container.Length > 0)
            return Container(podDirectory, uid, request.Container);

        ContainerDirectory[] all = [.. Directory.EnumerateDirectories(podDirectory).Select(path => Container(podDirectory, uid, Path.GetFileName(path))).OfType<ContainerDirectory>()];
        return all.Length < 2 ? all.FirstOrDefault() : throw new LogStreamException(
            LogStreamError.InvalidRequest, $"Pod {request.Pod} has the logs of several containers: name one of {string.Join(", ", all.Select(one => one.Name).Order(StringComparer.Ordinal))}.", "INVALID_NAME");
    }

    private ContainerDirectory? Container(string podDirectory, string uid, string name)
    {
        var path = Path.Combine(podDirectory, name);
        if (!Directory.Exists(path) || root.Resolve(path) is not { } real)
            return null;

        var directory = new ContainerDirectory(root, real, uid, name);
        return directory.List().Count > 0 ? directory : null;
    }

    private static ContainerDirectory? Choose(IEnumerable<ContainerDirectory> found, TailRequest request)
    {
        // One that has written nothing yet is the newest, unless the one asked for has ended.
        var unwritten = request.EndedAt is null ? new LogTimestamp(long.MaxValue) : LogTimestamp.None;
        var pods = found.Select(directory => (Directory: directory, Span: directory.WrittenBetween()))
            .Where(pod => pod.Span.First is null || request.EndedAt is not { } ended || pod.Span.First <= ended.Add(Tolerance))
            .OrderBy(pod => pod.Span.First ?? unwritten)
            .ToArray();
        if (request.ContainerStart is not { } start)
            return pods.LastOrDefault().Directory;

        return pods.FirstOrDefault(pod => pod.Span.First <= start && start <= pod.Span.Last).Directory
            ?? pods.FirstOrDefault(pod => pod.Span.First >= start.Add(-Tolerance)).Directory
            ?? pods.LastOrDefault().Directory;
    }
}
