using System.Globalization;

namespace RunLogs.Benchmarks;

/// <summary>The same tail of the same host over its protocols: what each takes, as a share of what gRPC takes.</summary>
internal static class Protocols
{
    private const int Lines = 100_000;
    private const int Rounds = 15;

    private static readonly TailTransport[] All =
    [
        new("gRPC", IsGrpc: true, Http: "2.0"),
        new("Connect, HTTP/2", Http: "2.0"),
        new("Connect, HTTP/1.1", Http: "1.1"),
        new("Connect, HTTP/2, gzip", Http: "2.0", AcceptsGzip: true),
        new("Connect, HTTP/2, JSON", Http: "2.0", IsJson: true),
    ];

    /// <summary>Every round runs each of them once, in an order of its own; the ratios are within rounds.</summary>
    public static async Task RunAsync()
    {
        await using var server = await TailServer.StartAsync(Lines);
        foreach (var transport in All)
        {
            await server.TailAsync(transport);
        }

        var taken = All.ToDictionary(transport => transport, _ => new List<TailCost>());
        var order = (TailTransport[])All.Clone();
        var random = new Random(1);
        for (var round = 0; round < Rounds; round++)
        {
            random.Shuffle(order);
            foreach (var transport in order)
            {
                taken[transport].Add(await server.TailAsync(transport));
            }
        }

        var grpc = taken[All[0]];
        Console.WriteLine($"{Lines} lines of 100 bytes, {Rounds} rounds; medians, the ratios to gRPC in the same round.");
        Console.WriteLine("| protocol | ms | bytes | time | processor time of the host |");
        Console.WriteLine("|---|---|---|---|---|");
        foreach (var transport in All)
        {
            var costs = taken[transport];
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {transport.Name} | {Median(costs.Select(cost => cost.Time.TotalMilliseconds)):F0} | {costs[0].Bytes} | {Ratio(costs, grpc, cost => cost.Time):F2} | {Ratio(costs, grpc, cost => cost.ProcessorTime):F2} |"));
        }
    }

    private static double Ratio(List<TailCost> costs, List<TailCost> grpc, Func<TailCost, TimeSpan> part) => Median(costs.Zip(grpc, (one, other) => part(one) / part(other)));

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(Rounds / 2);
}
