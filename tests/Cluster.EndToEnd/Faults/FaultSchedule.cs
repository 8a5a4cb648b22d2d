using KeysCluster.Cluster.EndToEnd.History;

namespace KeysCluster.Cluster.EndToEnd.Faults;

/// <summary>
/// The sequence of faults. It contains all kinds once per round, in a random order that a seed repeats.
/// </summary>
internal sealed class FaultSchedule(SeededRandom random, bool hasFrontEnds)
{
    private readonly Queue<IncidentKind> _upcoming = new();

    public IncidentKind Next()
    {
        if (_upcoming.Count == 0)
        {
            // A silo that is isolated from everything but its clients is the hardest case, so it occurs twice.
            IncidentKind[] round =
            [
                IncidentKind.KillSilo, IncidentKind.PauseSilo, IncidentKind.StopSilo,
                IncidentKind.IsolateFromPeers, IncidentKind.IsolateFromPostgres,
                IncidentKind.IsolateFromBoth, IncidentKind.IsolateFromBoth,
                IncidentKind.RestartPostgres, IncidentKind.CrashPostgres,
                .. hasFrontEnds ? [IncidentKind.KillFrontEnd, IncidentKind.PauseFrontEnd] : Array.Empty<IncidentKind>(),
            ];
            foreach (var kind in round.OrderBy(_ => random.NextDouble())) _upcoming.Enqueue(kind);
        }

        return _upcoming.Dequeue();
    }

    public TimeSpan NextDuration(IncidentKind kind) => kind switch
    {
        IncidentKind.KillSilo or IncidentKind.KillFrontEnd or IncidentKind.StopSilo => random.NextDuration(1, 8),
        IncidentKind.RestartPostgres => random.NextDuration(0, 1),
        IncidentKind.CrashPostgres => random.NextDuration(1, 10),
        IncidentKind.PauseSilo or IncidentKind.PauseFrontEnd => random.NextDuration(3, 20),

        // Usually long enough for the isolated silo to be declared dead, while it can only rely on its own cache.
        _ => random.NextDuration(5, 25),
    };
}
