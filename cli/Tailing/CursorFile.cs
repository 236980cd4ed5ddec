namespace RunLogs.Cli.Tailing;

/// <summary>Where a log was left, kept for the next call.</summary>
internal sealed class CursorFile(FileInfo file)
{
    public string? Read()
    {
        try
        {
            return file.Exists && File.ReadAllText(file.FullName).Trim() is { Length: > 0 } cursor ? cursor : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Unusable(error);
        }
    }

    // By another file's name: a call that is killed meanwhile leaves the one before.
    public void Write(string cursor)
    {
        try
        {
            var next = file.FullName + ".next";
            File.WriteAllText(next, cursor + "\n");
            File.Move(next, file.FullName, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Unusable(error);
        }
    }

    private Failure Unusable(Exception error) => new(ExitCode.Usage, $"The file of --resume, {file.FullName}, cannot be used: {error.Message}");
}
