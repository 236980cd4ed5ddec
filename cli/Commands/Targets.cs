using RunLogs.Protos.Flyte.Common;
using RunLogs.Protos.V1;

namespace RunLogs.Cli.Commands;

/// <summary>How attempts and pods are written on a command line.</summary>
internal static class Targets
{
    public const string AttemptForm = "[org:]project/domain/run[/action[/attempt]]";

    public const string PodForm = "namespace/name";

    /// <summary>Reads an attempt; null when the text is none. The action is a0 and the attempt the latest unless they are named.</summary>
    public static ActionAttemptIdentifier? ParseAttempt(string text)
    {
        var org = text.IndexOf(':', StringComparison.Ordinal) is var colon and > 0 ? text[..colon] : "";
        var parts = text[(org.Length > 0 ? org.Length + 1 : 0)..].Split('/');
        uint attempt = 0;
        if (parts.Length is < 3 or > 5 || parts.Any(part => part.Length == 0) || (parts.Length == 5 && !uint.TryParse(parts[4], out attempt)))
        {
            return null;
        }

        return new ActionAttemptIdentifier
        {
            ActionId = new ActionIdentifier
            {
                Run = new RunIdentifier { Org = org, Project = parts[0], Domain = parts[1], Name = parts[2] },
                Name = parts.Length > 3 ? parts[3] : "a0",
            },
            Attempt = attempt,
        };
    }

    /// <summary>Reads a pod; null when the text is none.</summary>
    public static PodRef? ParsePod(string text) =>
        text.Split('/') is [{ Length: > 0 } @namespace, { Length: > 0 } name] ? new PodRef { Namespace = @namespace, Name = name } : null;

    public static string Format(ActionIdentifier action, uint attempt)
    {
        var run = action.Run;
        return $"{(run.Org.Length > 0 ? run.Org + ":" : "")}{run.Project}/{run.Domain}/{run.Name}/{action.Name}/{attempt}";
    }
}
