using RunLogs.Comparison.Clients;
using RunLogs.Comparison.Measures;
using RunLogs.Comparison.Report;
using RunLogs.Comparison.Rig;

namespace RunLogs.Comparison;

/// <summary>Takes the measures that the command line names, one after the other, and reports them.</summary>
internal static class Comparison
{
    private const int Failed = 1;
    private const int BadUse = 2;

    private static IMeasure[] All =>
    [
        new Throughput(isTls: false),
        new Throughput(isTls: true),
        new GoThroughput(),
        new FirstLine(),
        new FollowLatency(),
        new IdleFollows(),
        new ManyFollows(),
        new BigLog(),
        new StalledClients(),
        new FileTail(),
    ];

    /// <summary>The names of all measures.</summary>
    public static IReadOnlyList<string> Measures { get; } = [.. All.Select(measure => measure.Name)];

    /// <summary>Programs of others that they run.</summary>
    public static IEnumerable<string> Programs => All.SelectMany(measure => measure.Programs).Distinct();

    /// <summary>Returns the exit code.</summary>
    public static async Task<int> RunAsync(string[] arguments, CancellationToken cancellationToken)
    {
        try
        {
            var settings = Settings.Parse(arguments, Measures);
            await RunAsync(settings, cancellationToken);
            return 0;
        }
        catch (ArgumentException fault)
        {
            await Console.Error.WriteLineAsync(fault.Message);
            return BadUse;
        }
        catch (WrongBytesException fault)
        {
            await Console.Error.WriteLineAsync(fault.Message);
            return Failed;
        }
    }

    private static async Task RunAsync(Settings settings, CancellationToken cancellationToken)
    {
        IMeasure[] measures = [.. All.Where(measure => settings.Measures.Count == 0 || settings.Measures.Contains(measure.Name))];
        foreach (var measure in measures)
        {
            if (measure.Programs.FirstOrDefault(program => !OutsideProgram.IsThere(program)) is { } missing)
            {
                throw new ArgumentException($"The measure {measure.Name} needs {missing}, which is not on the PATH: install it, or name other measures.");
            }
        }

        await using var bench = await Bench.StartAsync(settings, cancellationToken);
        foreach (var measure in measures)
        {
            await Console.Error.WriteLineAsync($"Measuring {measure.Name} ...");
            var section = await measure.RunAsync(bench, cancellationToken);
            Console.WriteLine($"## {section.Title}\n\n{PerformancePage.TextOf(section)}");
            if (settings.Docs is { } docs)
            {
                await new PerformancePage(docs).WriteAsync(section, cancellationToken);
            }
        }
    }
}
