using KeysCluster.Cluster.EndToEnd.History;
using KeysCluster.Cluster.EndToEnd.Processes;

namespace KeysCluster.Cluster.EndToEnd.Faults;

/// <summary>
/// The sequence of faults. It contains each kind once per round, in a random order that a seed repeats.
/// </summary>
internal sealed class FaultSchedule(
    SeededRandom random, ProcessCluster cluster, IReadOnlySet<IncidentKind>? kinds)
{
    private readonly Queue<Fault> _upcoming = new();

    public Fault Next()
    {
        if (_upcoming.Count == 0)
            foreach (var fault in CreateRound().OrderBy(_ => random.NextDouble())) _upcoming.Enqueue(fault);
        return _upcoming.Dequeue();
    }

    private IEnumerable<Fault> CreateRound()
    {
        // A silo that is isolated from everything but its clients is the hardest case, so it occurs twice.
        Fault[] round =
        [
            new KillNode(FaultScope.Silo),
            new PauseNode(FaultScope.Silo),
            new StopSilo(),
            new IsolateNode(FaultScope.Silo, fromPeers: true, fromPostgres: false),
            new IsolateNode(FaultScope.Silo, fromPeers: false, fromPostgres: true),
            new IsolateNode(FaultScope.Silo, fromPeers: true, fromPostgres: true),
            new IsolateNode(FaultScope.Silo, fromPeers: true, fromPostgres: true),
            new CutPair(isOneWay: false),
            new CutPair(isOneWay: true),
            new DelayNode(ofPostgres: false),
            new DelayNode(ofPostgres: true),
            new KillNode(FaultScope.FrontEnd),
            new PauseNode(FaultScope.FrontEnd),
            new IsolateNode(FaultScope.FrontEnd, fromPeers: true, fromPostgres: false),
            new IsolateNode(FaultScope.FrontEnd, fromPeers: false, fromPostgres: true),
            new IsolateNode(FaultScope.FrontEnd, fromPeers: true, fromPostgres: true),
            new StopPostgres(crash: false),
            new StopPostgres(crash: true),
            new PausePostgres(),
            new FillDisk(),
            new FailOver(),
            new ChangeClock(exceedsLimit: false),
            new ChangeClock(exceedsLimit: true),
            new RunPreviousBuild(),
        ];
        return round.Where(fault => kinds?.Contains(fault.Kind) != false
            && fault.IsSupported(cluster)
            && fault.Scope switch
            {
                FaultScope.FrontEnd => cluster.FrontEnds.Count > 0,
                FaultScope.SiloPair => cluster.Silos.Count > 2,
                _ => true,
            });
    }
}
