using RunLogs.Comparison.Rig;

namespace RunLogs.Comparison.Tests;

/// <summary>The API server and a host on it, shared by the tests of the readers.</summary>
public sealed class ReadersRig : IAsyncLifetime
{
    internal const long Lines = 3_000;

    internal Bench Bench { get; private set; } = null!;

    internal HostServer Host { get; private set; } = null!;

    internal ExpectedLog Expected { get; } = ExpectedLog.Of(Lines);

    public async ValueTask InitializeAsync()
    {
        Bench = await Bench.StartAsync(Settings.Quick with { Host = Programs.Host }, CancellationToken.None);
        Host = await Bench.StartHostAsync(Bench.Api.Plain, CancellationToken.None);
        await Host.PutContextAsync(Expected.Pod, null, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await (Host?.DisposeAsync() ?? default);
        await (Bench?.DisposeAsync() ?? default);
    }
}
