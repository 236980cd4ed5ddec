namespace RunLogs.Comparison.Api;

/// <summary>The body of an answer that is being sent.</summary>
internal interface ILogBody
{
    /// <summary>Ends when the client is gone.</summary>
    Task Gone { get; }

    /// <summary>Sends whole seconds that are framed already.</summary>
    ValueTask SendSecondsAsync(ReadOnlyMemory<byte> framed, CancellationToken cancellationToken);

    /// <summary>Sends a part without a frame.</summary>
    ValueTask SendAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken);
}
