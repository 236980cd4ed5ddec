using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace RunLogs.Host.Tests.Tailing;

/// <summary>A clock that stands until a test moves it by what somebody waits for.</summary>
internal sealed class WaitedTime : FakeTimeProvider
{
    private readonly Channel<TimeSpan> _waits = Channel.CreateUnbounded<TimeSpan>();

    /// <summary>The next wait that began, of at most so long.</summary>
    public async Task<TimeSpan> NextWaitAsync(TimeSpan atMost, CancellationToken cancellationToken)
    {
        while (true)
        {
            var wait = await _waits.Reader.ReadAsync(cancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(20), cancellationToken);
            if (wait > TimeSpan.Zero && wait <= atMost)
            {
                return wait;
            }
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        _waits.Writer.TryWrite(dueTime);
        return timer;
    }
}
