using KeysCluster.Cluster.EndToEnd.History;

namespace KeysCluster.Cluster.EndToEnd.Nemesis;

/// <summary>The faults in the order that a seed gives them: every kind in turn, shuffled anew each time round.</summary>
internal sealed class FaultSchedule(SeededRandom dice, bool hasFrontEnds)
{
    private readonly Queue<IncidentKind> _upcoming = new();

    public IncidentKind Next()
    {
        if (_upcoming.Count == 0)
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
            foreach (var kind in round.OrderBy(_ => dice.NextDouble())) _upcoming.Enqueue(kind);
        }

        return _upcoming.Dequeue();
    }

    /// <summary>How long a fault stays.</summary>
    public TimeSpan NextDuration(IncidentKind kind) => kind switch
    {
        IncidentKind.KillSilo or IncidentKind.KillFrontEnd or IncidentKind.StopSilo => dice.NextDuration(1, 8),
        IncidentKind.RestartPostgres => dice.NextDuration(0, 1),
        IncidentKind.CrashPostgres => dice.NextDuration(1, 10),
        IncidentKind.PauseSilo or IncidentKind.PauseFrontEnd => dice.NextDuration(3, 20),

        // Longer than it takes to be declared dead, so that an isolated silo is alone with what it believes.
        _ => dice.NextDuration(5, 25),
    };
}
