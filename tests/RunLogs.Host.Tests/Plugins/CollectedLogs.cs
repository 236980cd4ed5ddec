using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace RunLogs.Host.Tests.Plugins;

/// <summary>Keeps what was logged, as text only: an exception of a plugin would keep the plugin loaded.</summary>
internal sealed class CollectedLogs : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<string> _lines = new();

    public IReadOnlyList<string> Of(string eventName) => [.. _lines.Where(line => line.StartsWith(eventName + " ", StringComparison.Ordinal))];

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Enqueue($"{eventId.Name} {logLevel} {formatter(state, exception)} {exception?.GetType().Name}".TrimEnd());

    public void Dispose()
    {
    }
}
