namespace RunLogs.Testing.Seam;

/// <summary>Where copies of a container's lines arrive some time after they were written.</summary>
public interface ISeamArchive
{
    /// <summary>Adds lines after those there are; their times have the archive's precision already.</summary>
    Task WriteAsync(IReadOnlyList<WrittenLine> lines, CancellationToken cancellationToken);
}
