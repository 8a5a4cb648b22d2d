using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace KeysCluster.Storage.Tests;

internal class RecordingLogger : ILogger
{
    private readonly ConcurrentQueue<int> _events = new();

    /// <summary>Returns how often an event was logged.</summary>
    public int Count(int eventId) => _events.Count(logged => logged == eventId);

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter) => _events.Enqueue(eventId.Id);

    public bool IsEnabled(LogLevel logLevel) => true;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;
}

internal sealed class RecordingLogger<T> : RecordingLogger, ILogger<T>;
