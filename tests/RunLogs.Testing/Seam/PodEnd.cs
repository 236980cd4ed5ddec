namespace RunLogs.Testing.Seam;

/// <summary>How the live source loses the pod of a <see cref="SeamScript"/>.</summary>
public enum PodEnd
{
    /// <summary>It is deleted: its streams bring what there is and end cleanly.</summary>
    Deleted,

    /// <summary>Its object goes first, its streams a moment later.</summary>
    ForceDeleted,

    /// <summary>Its object and its node go at once: streams are cut wherever they stand, maybe within a line.</summary>
    NodeLost,
}
