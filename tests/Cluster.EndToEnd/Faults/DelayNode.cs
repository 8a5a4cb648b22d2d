using KeysCluster.Cluster.EndToEnd.History;
using KeysCluster.Cluster.Node;

namespace KeysCluster.Cluster.EndToEnd.Faults;

/// <summary>Makes the network between a silo and its peers, or PostgreSQL, slow and lossy.</summary>
internal sealed class DelayNode(bool ofPostgres) : Fault
{
    public override IncidentKind Kind => ofPostgres ? IncidentKind.DelayPostgres : IncidentKind.DelayPeers;

    public override Task StartAsync(FaultTarget target)
    {
        var delay = new NetworkDelay(
            target.Random.NextDuration(0.005, 0.1), LossRate: 0.05, target.Random.NextDuration(0.2, 1.5));
        if (!ofPostgres) return target.Node.DelayPeersAsync(delay);
        target.Node.Postgres.Delay(delay);
        return Task.CompletedTask;
    }

    public override Task EndAsync(FaultTarget target)
    {
        if (!ofPostgres) return target.Node.ReconnectPeersAsync();
        target.Node.Postgres.Delay(NetworkDelay.None);
        return Task.CompletedTask;
    }
}
