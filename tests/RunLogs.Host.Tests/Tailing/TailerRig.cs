using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using RunLogs.Abstractions;
using RunLogs.Host.Settings;
using RunLogs.Host.Tailing;

namespace RunLogs.Host.Tests.Tailing;

/// <summary>A tailer over backends given by a test.</summary>
internal sealed class TailerRig : IDisposable, IHostApplicationLifetime
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly CancellationTokenSource _stopping = new();

    public TailerRig(IBackends backends, TimeProvider? time = null, Action<RunLogsOptions>? configure = null)
    {
        var options = new RunLogsOptions();
        configure?.Invoke(options);
        var settings = Options.Create(options);
        time ??= TimeProvider.System;
        var telemetry = new TailTelemetry(_services.GetRequiredService<IMeterFactory>());
        Limiter = new TailLimiter(settings);
        var chain = new SourceChain(backends, settings, telemetry, time, NullLogger<SourceChain>.Instance);
        Tailer = new Tailer(Limiter, new TailStreams(chain, settings, time), telemetry, settings, time, this, NullLogger<Tailer>.Instance);
    }

    public TailLimiter Limiter { get; }

    public Tailer Tailer { get; }

    public IMeterFactory Meters => _services.GetRequiredService<IMeterFactory>();

    CancellationToken IHostApplicationLifetime.ApplicationStarted => CancellationToken.None;

    CancellationToken IHostApplicationLifetime.ApplicationStopping => _stopping.Token;

    CancellationToken IHostApplicationLifetime.ApplicationStopped => CancellationToken.None;

    public Task<EndReason> RunAsync(CollectingSink sink, TailRequest? request = null, DateTimeOffset? deadline = null, CancellationToken client = default) =>
        RunAsync(sink, TailPlan.Of(request ?? Some.Request()), deadline, client);

    public Task<EndReason> RunAsync(CollectingSink sink, TailPlan plan, DateTimeOffset? deadline = null, CancellationToken client = default) =>
        Tailer.RunAsync(new TailCall("caller", _ => Task.FromResult(plan), deadline ?? DateTimeOffset.MaxValue), sink, client)
            .WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

    public void StopApplication() => _stopping.Cancel();

    public void Dispose()
    {
        _stopping.Dispose();
        _services.Dispose();
    }
}
