namespace RunLogs.Host.Contexts;

/// <summary>A failure of the contexts, in a sentence that a client may see.</summary>
internal sealed class ContextException(ContextError error, string message, Exception? inner = null) : Exception(message, inner)
{
    // Messages travel in HTTP trailers, where many clients take 8 KiB in all.
    private const int MaxLength = 2000;

    public ContextError Error { get; } = error;

    /// <summary>The fields that are wrong, as far as the message names them.</summary>
    public IReadOnlyList<ContextFault> Faults { get; private init; } = [];

    public static void ThrowIfAny(IEnumerable<ContextFault> faults)
    {
        var named = new List<ContextFault>();
        var length = 0;
        var more = "";
        foreach (var fault in faults)
        {
            length += fault.Field.Length + fault.Description.Length + 3;
            if (length > MaxLength)
            {
                more = "; and more";
                break;
            }

            named.Add(fault);
        }

        if (named.Count > 0)
        {
            throw new ContextException(ContextError.InvalidArgument, string.Join("; ", named) + more) { Faults = named };
        }
    }
}
