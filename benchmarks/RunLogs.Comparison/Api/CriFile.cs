namespace RunLogs.Comparison.Api;

/// <summary>The beginning of the log as a container runtime keeps it: <c>time stdout F text</c>.</summary>
internal static class CriFile
{
    /// <summary>Writes it, and returns how long it is.</summary>
    public static async Task<long> WriteAsync(string path, long lines, CancellationToken cancellationToken)
    {
        await using var file = File.Create(path);
        var (second, records) = (LogText.NewSecond(), new MemoryStream());
        for (var i = 0L; i < lines / LogText.LinesPerSecond; i++)
        {
            LogText.Stamp(second, i);
            records.SetLength(0);
            for (var line = 0; line < LogText.LinesPerSecond; line++)
            {
                var raw = LogText.Line(second, line);
                records.Write(raw[..(LogText.StampLength + 1)]);
                records.Write("stdout F "u8);
                records.Write(raw[(LogText.StampLength + 1)..]);
            }

            await file.WriteAsync(records.GetBuffer().AsMemory(0, (int)records.Length), cancellationToken);
        }

        return file.Length;
    }
}
