using KeysCluster.Cluster.EndToEnd.History;

namespace KeysCluster.Cluster.EndToEnd.Faults;

/// <summary>Stops PostgreSQL in order, or crashes it, and starts it again.</summary>
internal sealed class StopPostgres(bool crash) : Fault
{
    public override IncidentKind Kind => crash ? IncidentKind.CrashPostgres : IncidentKind.RestartPostgres;

    public override FaultScope Scope => FaultScope.Postgres;

    public override TimeSpan NextDuration(SeededRandom random) =>
        crash ? random.NextDuration(1, 10) : random.NextDuration(0, 1);

    public override Task StartAsync(FaultTarget target) =>
        crash ? target.Cluster.Postgres.KillAsync() : target.Cluster.Postgres.StopAsync();

    public override Task EndAsync(FaultTarget target) => target.Cluster.Postgres.StartAsync();
}
