using KeysCluster.Cluster.EndToEnd.History;

namespace KeysCluster.Cluster.EndToEnd.Faults;

/// <summary>Suspends a silo or front end (SIGSTOP).</summary>
internal sealed class PauseNode(FaultScope scope) : Fault
{
    public override IncidentKind Kind =>
        scope == FaultScope.FrontEnd ? IncidentKind.PauseFrontEnd : IncidentKind.PauseSilo;

    public override FaultScope Scope => scope;

    public override TimeSpan NextDuration(SeededRandom random) => random.NextDuration(3, 20);

    public override Task StartAsync(FaultTarget target)
    {
        target.Node.Process.Pause();
        return Task.CompletedTask;
    }

    public override Task EndAsync(FaultTarget target)
    {
        target.Node.Process.Resume();
        return Task.CompletedTask;
    }
}
