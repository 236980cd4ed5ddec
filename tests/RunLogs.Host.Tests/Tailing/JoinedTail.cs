using System.Diagnostics.Metrics;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using RunLogs.Abstractions;
using RunLogs.Host.Plugins;
using RunLogs.Host.Settings;
using RunLogs.Host.Tailing;

namespace RunLogs.Host.Tests.Tailing;

/// <summary>A tail that reads one source after the other, and keeps what it delivered.</summary>
internal sealed class JoinedTail : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly TailChannel _channel = new(int.MaxValue);
    private readonly TailTelemetry _telemetry;
    private readonly TailRequest _request;
    private LinePosition _position;
    private SeamWriter _output;

    public JoinedTail(TailRequest? request = null)
    {
        _request = request ?? Some.Request();
        _telemetry = new TailTelemetry(_services.GetRequiredService<IMeterFactory>());
        _position = LinePosition.Before(_request);
        _output = new SeamWriter(_channel, _position, _telemetry);
    }

    /// <summary>The entries delivered.</summary>
    public List<string> Lines { get; } = [];

    /// <summary>The worst that was said of the places where it went on.</summary>
    public SeamDoubt Doubt { get; private set; }

    public PositionRecord Position => _position.Save();

    /// <summary>Goes on elsewhere, from a cursor.</summary>
    public void Resume()
    {
        Span<byte> cursor = stackalloc byte[PositionCodec.MaxBytes];
        Assert.True(PositionCodec.TryRead(cursor[..PositionCodec.Write(Position, cursor)], out var position));
        _position = LinePosition.Restore(position);
        _output = new SeamWriter(_channel, _position, _telemetry);
    }

    public async Task<TailEnd> ReadAsync(ILogStreamer source)
    {
        using var lease = new PluginLease("Source", LogSourceKind.Archive, source, () => { }, CancellationToken.None);
        var reader = new SourceReader(lease, _position, _output, new RetryOptions(), new HurriedTime(), NullLogger.Instance);
        try
        {
            var watch = new SourceWatch(new ChainLog(_request, _position, _output, TimeProvider.System));
            var end = await reader.ReadAsync(_request, watch, mayLag: false, newFrom: -1, TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
            return Assert.NotNull(end);
        }
        finally
        {
            _output.Seam.Discard();
            await _output.FlushNoticesAsync(TestContext.Current.CancellationToken);
            Collect();
        }
    }

    public void Dispose()
    {
        _channel.Drain();
        _services.Dispose();
    }

    private void Collect()
    {
        while (_channel.TryRead(out var item))
        {
            using var taken = item;
            var batch = item.Batch;
            foreach (var notice in batch.Notices)
            {
                var doubt = notice.Kind switch
                {
                    LogNoticeKind.LinesLost => SeamDoubt.LinesLost,
                    LogNoticeKind.Inexact => SeamDoubt.Inexact,
                    _ => SeamDoubt.None,
                };
                Doubt = doubt > Doubt ? doubt : Doubt;
            }

            foreach (ref readonly var entry in batch.Entries)
            {
                Lines.Add(Encoding.UTF8.GetString(batch.TextOf(entry)));
            }
        }
    }
}
