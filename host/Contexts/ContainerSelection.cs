using RunLogs.Protos.Flyte.Core;

namespace RunLogs.Host.Contexts;

/// <summary>Which containers of an attempt are meant.</summary>
/// <param name="Names">Their names, init containers and sidecars among them; none for the primary one.</param>
/// <param name="AllPods">Of every pod; else of the primary one.</param>
internal sealed record ContainerSelection(IReadOnlyList<string> Names, bool AllPods)
{
    /// <summary>The most logs that are merged into one.</summary>
    public const int MostLogs = 100;

    /// <summary>A pod by its name instead of the primary one; empty for that.</summary>
    public string Pod { get; init; } = "";

    /// <summary>The primary container of the primary pod.</summary>
    public static ContainerSelection Primary { get; } = new([], AllPods: false);

    /// <summary>Whether a context that is still growing says all that the choice needs.</summary>
    public bool IsReady(LogContext? context) => context switch
    {
        null => false,
        { Pods.Count: 0 } => context.Connector is not null, // there will be no pods
        _ when AllPods => context.Pods.All(pod => pod.Containers.Count > 0),
        _ => context.Pods.Any(pod => pod.PodName == NameIn(context) && pod.Containers.Count > 0),
    };

    /// <summary>The containers meant, by pod in the context's order.</summary>
    /// <exception cref="ContextException">There is none, one of them is missing, or there are too many.</exception>
    public IReadOnlyList<(PodLogContext Pod, ContainerContext Container)> ChooseFrom(LogContext context)
    {
        List<(PodLogContext, ContainerContext)> chosen = AllPods
            ? [.. context.Pods.SelectMany(pod => Names.Count == 0 ? PrimaryAmongOthers(pod, context) : Named(pod))]
            : PodOf(context) is var primary && Names.Count == 0 ? [(primary, PrimaryOf(primary))] : [.. Named(primary)];
        if (Names.FirstOrDefault(name => !chosen.Exists(one => one.Item2.ContainerName == name)) is { } missing)
        {
            throw NotFound($"container {Quoted.Of(missing)} not found in {(AllPods ? "any pod of the attempt" : $"pod {NameIn(context)}")}");
        }

        return chosen.Count <= MostLogs ? chosen : throw new ContextException(
            ContextError.InvalidArgument, $"{chosen.Count} containers are asked for at once; at most {MostLogs} are merged: name fewer containers, or leave all_pods out");
    }

    private IEnumerable<(PodLogContext, ContainerContext)> Named(PodLogContext pod) =>
        Names.SelectMany(name => pod.Containers.Concat(pod.InitContainers).Where(container => container.ContainerName == name).Take(1)).Select(container => (pod, container));

    // A pod that does not name its primary container must not keep the others from being read.
    private static IEnumerable<(PodLogContext, ContainerContext)> PrimaryAmongOthers(PodLogContext pod, LogContext context) =>
        context.Pods.Count == 1 || HasPrimary(pod) || !context.Pods.Any(HasPrimary) ? [(pod, PrimaryOf(pod))] : [];

    private static bool HasPrimary(PodLogContext pod) => pod.Containers.Any(container => container.ContainerName == pod.PrimaryContainerName);

    private string NameIn(LogContext context) => Pod.Length > 0 ? Pod : context.PrimaryPodName;

    private PodLogContext PodOf(LogContext context) => context.Pods.FirstOrDefault(pod => pod.PodName == NameIn(context)) switch
    {
        { } found => found,
        _ when Pod.Length > 0 => throw NotFound($"pod {Quoted.Of(Pod)} not found in log context"),
        _ when context.PrimaryPodName.Length == 0 => throw NotFound("primary pod name is empty in log context"),
        _ => throw NotFound($"primary pod {context.PrimaryPodName} not found in log context"),
    };

    private static ContainerContext PrimaryOf(PodLogContext pod) =>
        pod.Containers.FirstOrDefault(container => container.ContainerName == pod.PrimaryContainerName)
            ?? throw NotFound($"primary container {pod.PrimaryContainerName} not found in pod {pod.PodName}");

    private static ContextException NotFound(string message) => new(ContextError.NotFound, message);
}
