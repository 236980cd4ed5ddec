namespace RunLogs.Host.Tailing;

/// <summary>End reasons as they stand in metrics and logs.</summary>
internal static class EndReasonNames
{
    public static string Of(EndReason reason) => reason switch
    {
        EndReason.ContainerEnded => "container_ended",
        EndReason.AsFarAsAsked => "as_far_as_asked",
        EndReason.ClientGone => "client_gone",
        EndReason.Deadline => "deadline",
        EndReason.ShuttingDown => "shutting_down",
        EndReason.BackendReplaced => "backend_replaced",
        EndReason.SourceGone => "source_gone",
        _ => "failed",
    };
}
