using RunLogs.Comparison;
using RunLogs.Comparison.Api;

using var end = new CancellationTokenSource();
Console.CancelKeyPress += (_, key) =>
{
    key.Cancel = true;
    end.Cancel();
};

if (args is [ApiProgram.Command, var folder, var lines])
{
    await ApiProgram.RunAsync(folder, long.Parse(lines, System.Globalization.CultureInfo.InvariantCulture), end.Token);
    return 0;
}

return await Comparison.RunAsync(args, end.Token);
