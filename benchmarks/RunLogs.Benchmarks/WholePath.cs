using System.Buffers;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using RunLogs.Host.Api;
using RunLogs.Host.Cursors;
using RunLogs.Host.Settings;
using RunLogs.Host.Tailing;

namespace RunLogs.Benchmarks;

/// <summary>Tails through the host's and the Kubernetes backend's own parts, from the body of a log request to gRPC messages.</summary>
internal sealed class WholePath : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly ApplicationLifetime _lifetime = new(NullLogger<ApplicationLifetime>.Instance);
    private readonly IOptions<RunLogsOptions> _options = Options.Create(new RunLogsOptions());
    private readonly CursorSeal _cursors = new(new CursorKeys([new string('k', CursorKey.LeastCharacters)]));
    private readonly TailTelemetry _telemetry;
    private readonly TailLimiter _limiter;

    public WholePath()
    {
        _telemetry = new TailTelemetry(_services.GetRequiredService<IMeterFactory>());
        _limiter = new TailLimiter(_options);
    }

    /// <summary>One tail: the body's lines, as messages of <c>TailLogsResponse</c> one behind the other.</summary>
    public async Task RunAsync(Stream body, IBufferWriter<byte> wire)
    {
        var chain = new SourceChain(new BodyBackend(body), _options, _telemetry, TimeProvider.System, NullLogger<SourceChain>.Instance);
        var tailer = new Tailer(_limiter, new TailStreams(chain, _options, TimeProvider.System), _telemetry, _options, TimeProvider.System, _lifetime, NullLogger<Tailer>.Instance);
        var sink = new FlyteTailSink(
            new WireStream(wire), new LoneCall(), _cursors, _options.Value.KeepLineEnd, request => new FlyteResponse(FlyteContainerField.Of(request), [], _options.Value.KeepLineEnd, TimeProvider.System));
        await tailer.RunAsync(new TailCall("benchmark", _ => Task.FromResult(TailPlan.Of(SomeLog.Request)), DateTimeOffset.MaxValue), sink, CancellationToken.None);
    }

    public void Dispose()
    {
        _limiter.Dispose();
        _services.Dispose();
    }
}
