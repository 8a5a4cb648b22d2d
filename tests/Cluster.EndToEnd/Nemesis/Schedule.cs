using KeysCluster.Cluster.EndToEnd.History;

namespace KeysCluster.Cluster.EndToEnd.Nemesis;

/// <summary>The faults in the order that a seed gives them: every kind in turn, shuffled anew each time round.</summary>
internal sealed class Schedule(Dice dice, bool hasFrontEnds)
{
    private readonly Queue<IncidentKind> _next = new();

    public IncidentKind Next()
    {
        if (_next.Count == 0)
        {
            // What leaves a silo reachable and alone is what the service is most likely to get wrong.
            IncidentKind[] round =
            [
                IncidentKind.KillSilo, IncidentKind.PauseSilo, IncidentKind.StopSilo,
                IncidentKind.IsolateFromPeers, IncidentKind.IsolateFromPostgres,
                IncidentKind.IsolateFromBoth, IncidentKind.IsolateFromBoth,
                IncidentKind.RestartPostgres, IncidentKind.CrashPostgres,
                .. hasFrontEnds ? [IncidentKind.KillFrontEnd, IncidentKind.PauseFrontEnd] : Array.Empty<IncidentKind>(),
            ];
            foreach (var kind in round.OrderBy(_ => dice.NextDouble())) _next.Enqueue(kind);
        }

        return _next.Dequeue();
    }

    /// <summary>How long a fault stays.</summary>
    public TimeSpan Duration(IncidentKind kind) => kind switch
    {
        IncidentKind.KillSilo or IncidentKind.KillFrontEnd or IncidentKind.StopSilo => dice.Between(1, 8),
        IncidentKind.RestartPostgres => dice.Between(0, 1),
        IncidentKind.CrashPostgres => dice.Between(1, 10),
        IncidentKind.PauseSilo or IncidentKind.PauseFrontEnd => dice.Between(3, 20),

        // Longer than it takes to be declared dead, so that an isolated silo is alone with what it believes.
        _ => dice.Between(5, 25),
    };
}
