using KeysCluster.Cluster.EndToEnd.History;

namespace KeysCluster.Cluster.EndToEnd.Faults;

/// <summary>Kills a silo or front end, as <c>kill -9</c> does. It starts again when the fault ends.</summary>
internal sealed class KillNode(FaultScope scope) : Fault
{
    public override IncidentKind Kind =>
        scope == FaultScope.FrontEnd ? IncidentKind.KillFrontEnd : IncidentKind.KillSilo;

    public override FaultScope Scope => scope;

    public override TimeSpan NextDuration(SeededRandom random) => random.NextDuration(1, 8);

    public override Task StartAsync(FaultTarget target) => target.Node.Process.KillAsync();

    public override Task EndAsync(FaultTarget target) => Task.CompletedTask;
}
