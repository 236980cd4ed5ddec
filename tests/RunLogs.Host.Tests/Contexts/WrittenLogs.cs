using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace RunLogs.Host.Tests.Contexts;

/// <summary>All that was logged, with exceptions as a console shows them.</summary>
internal sealed class WrittenLogs : ILoggerProvider, ILogger
{
    private readonly Lock _gate = new();
    private readonly List<string> _lines = [];
    private readonly List<(string EventName, string Text, TaskCompletionSource Logged)> _awaited = [];

    public string Text
    {
        get
        {
            lock (_gate)
            {
                return string.Join('\n', _lines);
            }
        }
    }

    /// <summary>Returns when an event was logged whose line has a text in it.</summary>
    public Task WaitForAsync(string eventName, string text = "")
    {
        lock (_gate)
        {
            var logged = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _awaited.Add((eventName, text, logged));
            _lines.ForEach(Tell);
            return logged.Task.WaitAsync(TimeSpan.FromSeconds(60));
        }
    }

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (_gate)
        {
            _lines.Add($"{eventId.Name} {logLevel} {formatter(state, exception)} {exception}".TrimEnd());
            Tell(_lines[^1]);
        }
    }

    public void Dispose()
    {
    }

    private void Tell(string line)
    {
        foreach (var (_, _, logged) in _awaited.Where(one => line.StartsWith(one.EventName + " ", StringComparison.Ordinal) && line.Contains(one.Text, StringComparison.Ordinal)))
        {
            logged.TrySetResult();
        }
    }
}
