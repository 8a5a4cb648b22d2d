using KeysCluster.Cluster.EndToEnd.History;

namespace KeysCluster.Cluster.EndToEnd.Faults;

/// <summary>Suspends PostgreSQL (SIGSTOP), as a suspended virtual machine does.</summary>
internal sealed class PausePostgres : Fault
{
    public override IncidentKind Kind => IncidentKind.PausePostgres;

    public override FaultScope Scope => FaultScope.Postgres;

    public override TimeSpan NextDuration(SeededRandom random) => random.NextDuration(1, 12);

    public override Task StartAsync(FaultTarget target) => target.Cluster.Postgres.PauseAsync();

    public override Task EndAsync(FaultTarget target) => target.Cluster.Postgres.ResumeAsync();
}
