namespace RunLogs.Host.Tests.Contexts;

/// <summary>A directory of one test, removed with it.</summary>
public sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("runlogs-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
