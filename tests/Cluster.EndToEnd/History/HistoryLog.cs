using System.Collections.Concurrent;

namespace KeysCluster.Cluster.EndToEnd.History;

/// <summary>Everything that was called and everything that befell the cluster, as it goes on.</summary>
internal sealed class HistoryLog
{
    private static readonly TimeProvider Clock = TimeProvider.System;

    private readonly long _startTimestamp = Clock.GetTimestamp();
    private readonly ConcurrentQueue<RecordedCall> _calls = new();
    private readonly ConcurrentQueue<Incident> _incidents = new();

    public IReadOnlyList<RecordedCall> Calls => [.. _calls.OrderBy(call => call.Start.Ticks)];

    public IReadOnlyList<Incident> Incidents => [.. _incidents];

    public Moment Now() => new(Clock.GetElapsedTime(_startTimestamp).Ticks, Clock.GetUtcNow());

    public RecordedCall Add(RecordedCall call)
    {
        _calls.Enqueue(call);
        return call;
    }

    public Incident BeginIncident(IncidentKind kind, string target)
    {
        var incident = new Incident(kind, target, Now());
        _incidents.Enqueue(incident);
        return incident;
    }
}
