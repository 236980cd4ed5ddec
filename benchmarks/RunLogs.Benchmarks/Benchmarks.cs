using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace RunLogs.Benchmarks;

/// <summary>Runs the benchmarks that the command line names, in this process: times and bytes are of one line. <c>protocols</c> compares whole tails.</summary>
internal static class Benchmarks
{
    public static async Task Main(string[] arguments)
    {
        if (arguments is ["protocols"])
        {
            await Protocols.RunAsync();
            return;
        }

        var job = Job.Default.WithToolchain(InProcessEmitToolchain.Instance).WithWarmupCount(5).WithIterationCount(15);
        BenchmarkSwitcher.FromAssembly(typeof(Benchmarks).Assembly).Run(arguments, DefaultConfig.Instance.AddJob(job).AddDiagnoser(MemoryDiagnoser.Default));
    }
}
