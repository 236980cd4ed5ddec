using System.Buffers;
using RunLogs.Abstractions;
using RunLogs.Protos.Flyte.Common;

namespace RunLogs.Host.Contexts;

/// <summary>The rules of identifiers, as lenient as Flyte's clients need them.</summary>
internal static class ActionIdentifiers
{
    private const int MaxLength = 63;
    private static readonly SearchValues<char> Refused = SearchValues.Create("/\\\"'`");

    public static IEnumerable<ContextFault> Check(ActionIdentifier? action, string field)
    {
        if (action?.Run is not { } run)
        {
            return [new ContextFault(action is null ? field : $"{field}.run", "is required")];
        }

        return new[]
        {
            Check(run.Org, $"{field}.run.org", required: false),
            Check(run.Project, $"{field}.run.project"),
            Check(run.Domain, $"{field}.run.domain"),
            Check(run.Name, $"{field}.run.name"),
            Check(action.Name, $"{field}.name"),
        }.OfType<ContextFault>();
    }

    public static ContextFault? Check(string value, string field, bool required = true) => value switch
    {
        "" => required ? new ContextFault(field, "is required") : null,
        "." or ".." => new ContextFault(field, $"{Quoted.Of(value)} is not a name"),
        _ when IsLong(value) => new ContextFault(field, $"{Quoted.Of(value)} is longer than {MaxLength} characters"),
        _ when value.AsSpan().ContainsAny(Refused) || value.EnumerateRunes().Any(Quoted.IsHidden)
            => new ContextFault(field, $"{Quoted.Of(value)} holds a slash, a backslash, a quote or a control character"),
        _ => null,
    };

    public static AttemptIdentity ToAttempt(this ActionIdentifier action, uint attempt) => new()
    {
        Org = action.Run.Org,
        Project = action.Run.Project,
        Domain = action.Run.Domain,
        Run = action.Run.Name,
        Action = action.Name,
        Attempt = attempt,
    };

    // Counted in characters as people do, not in UTF-16; the first test spares counting a megabyte.
    private static bool IsLong(string value) => value.Length > 2 * MaxLength || value.EnumerateRunes().Count() > MaxLength;
}
