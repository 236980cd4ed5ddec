namespace RunLogs.Testing.Kubernetes;

/// <summary>Where a log stream stands: in which file, before which entry, after how many rotations it was told of, and whether within a line.</summary>
internal readonly record struct FakePlace(int File, int Next, int Rotations, bool InLine);
