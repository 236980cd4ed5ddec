using System.Globalization;
using RunLogs.Comparison.Rig;

namespace RunLogs.Comparison.Clients;

/// <summary>One followed log, whose lines have numbers and tell when they were sent.</summary>
internal sealed class Follow(string pod, Delays delays)
{
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _next;

    public string Pod => pod;

    /// <summary>Ends with the first line.</summary>
    public Task Opened => _opened.Task;

    /// <summary>How many lines have come.</summary>
    public long Lines => Volatile.Read(ref _next);

    /// <summary>Takes a line's text: a number, a time, anything.</summary>
    public void Take(ReadOnlySpan<char> text)
    {
        var now = TimeProvider.System.GetTimestamp();
        var numberEnd = text.IndexOf(' ');
        var timeEnd = numberEnd + 1 + text[(numberEnd + 1)..].IndexOf(' ');
        var number = long.Parse(text[..numberEnd], CultureInfo.InvariantCulture);
        if (number != _next)
        {
            throw new WrongBytesException($"A follow of {pod} got line {number} where line {_next} belongs.");
        }

        delays.Add(now - long.Parse(text[(numberEnd + 1)..timeEnd], CultureInfo.InvariantCulture));
        Volatile.Write(ref _next, number + 1);
        _opened.TrySetResult();
    }

    public void Fail(Exception fault) => _opened.TrySetException(fault);
}
