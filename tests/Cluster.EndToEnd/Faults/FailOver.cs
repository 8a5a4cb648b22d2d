using KeysCluster.Cluster.EndToEnd.History;
using KeysCluster.Cluster.EndToEnd.Processes;
using KeysCluster.TestKit;

namespace KeysCluster.Cluster.EndToEnd.Faults;

/// <summary>
/// Crashes PostgreSQL after some seconds of synchronous replication, and promotes the standby. The old server has
/// stopped before, as a correct failover ensures.
/// </summary>
internal sealed class FailOver : Fault
{
    private PostgresServer? _standby;

    public override IncidentKind Kind => IncidentKind.FailOver;

    public override FaultScope Scope => FaultScope.Postgres;

    public override bool IsSupported(ProcessCluster cluster) => cluster.HasFailOver;

    public override TimeSpan NextDuration(SeededRandom random) => random.NextDuration(0, 8);

    /// <summary>Starts the replication. Clients call the cluster meanwhile, so it is not part of the fault.</summary>
    public override async Task PrepareAsync(FaultTarget target)
    {
        _standby = await target.Cluster.Postgres.CreateStandbyAsync();
        await target.Cluster.StartSynchronousReplicationAsync();
        await Task.Delay(target.Random.NextDuration(2, 8));
    }

    public override Task StartAsync(FaultTarget target) => target.Cluster.Postgres.KillAsync();

    public override async Task EndAsync(FaultTarget target)
    {
        await _standby!.PromoteAsync();
        await target.Cluster.SwitchToAsync(_standby);
    }
}
