using System.Collections.Concurrent;
using KeysCluster.TestKit;

namespace KeysCluster.Cluster.EndToEnd.History;

/// <summary>Records all calls and incidents of a run. Thread-safe.</summary>
internal sealed class HistoryLog
{
    private static readonly TimeProvider Clock = TimeProvider.System;

    private readonly long _startTimestamp = Clock.GetTimestamp();
    private readonly ConcurrentQueue<RecordedCall> _calls = new();
    private readonly ConcurrentQueue<Incident> _incidents = new();
    private readonly CallCounter _counter = new();
    private long _clockFaultEnd;

    public IReadOnlyList<RecordedCall> Calls => [.. _calls.OrderBy(call => call.Start.Ticks)];

    public IReadOnlyList<Incident> Incidents => [.. _incidents];

    /// <summary>How far a fault may have set the clock of some process off.</summary>
    public TimeSpan ClockTolerance =>
        Now().Ticks < Interlocked.Read(ref _clockFaultEnd) ? TimeSpan.FromSeconds(1.1) : TimeSpan.Zero;

    /// <summary>
    /// Marks clocks as wrong until <see cref="EndClockFault"/>. The tolerance is the permitted offset, and the time
    /// until it is measured.
    /// </summary>
    public void BeginClockFault() => Interlocked.Exchange(ref _clockFaultEnd, long.MaxValue);

    /// <summary>Marks clocks as correct after a time.</summary>
    public void EndClockFault(TimeSpan after) =>
        Interlocked.Exchange(ref _clockFaultEnd, Now().Ticks + after.Ticks);

    public Moment Now() => new(Clock.GetElapsedTime(_startTimestamp).Ticks, Clock.GetUtcNow());

    public RecordedCall Add(RecordedCall call)
    {
        _calls.Enqueue(call);
        _counter.Increment();
        return call;
    }

    /// <summary>Completes when <paramref name="more"/> calls were recorded from now on.</summary>
    public Task WaitForCallsAsync(int more, TimeSpan timeout) => _counter.WaitForAsync(more, timeout);

    public Incident BeginIncident(IncidentKind kind, string target, string? peer = null)
    {
        var incident = new Incident(kind, target, Now(), peer);
        _incidents.Enqueue(incident);
        return incident;
    }
}
