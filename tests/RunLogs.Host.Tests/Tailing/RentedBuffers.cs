using System.Diagnostics.Tracing;

namespace RunLogs.Host.Tests.Tailing;

/// <summary>Counts the pooled buffers that the thread it was made on has rented since, and that nobody has given back.</summary>
internal sealed class RentedBuffers : EventListener
{
    private const int Rented = 1;
    private const int Returned = 3;

    private readonly int _thread = Environment.CurrentManagedThreadId;
    private readonly HashSet<object> _buffers = [];

    public int Rents { get; private set; }

    public int Left
    {
        get
        {
            lock (_buffers)
            {
                return _buffers.Count;
            }
        }
    }

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == "System.Buffers.ArrayPoolEventSource")
        {
            EnableEvents(eventSource, EventLevel.Verbose);
        }
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (eventData.Payload is not [{ } buffer, ..])
        {
            return;
        }

        lock (_buffers)
        {
            if (eventData.EventId == Rented && Environment.CurrentManagedThreadId == _thread)
            {
                Rents++;
                _buffers.Add(buffer);
            }
            else if (eventData.EventId == Returned)
            {
                _buffers.Remove(buffer);
            }
        }
    }
}
