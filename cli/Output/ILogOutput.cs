using RunLogs.Protos.V1;

namespace RunLogs.Cli.Output;

/// <summary>How a log is printed.</summary>
internal interface ILogOutput
{
    void Write(TailLogsResponse.Types.Logs logs);

    void Write(Notice notice);

    void Write(Closing closing, string cursor);

    /// <summary>Hands on all that was written.</summary>
    Task FlushAsync(CancellationToken cancellationToken);
}
