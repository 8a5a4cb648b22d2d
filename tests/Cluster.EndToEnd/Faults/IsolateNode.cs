using KeysCluster.Cluster.EndToEnd.History;

namespace KeysCluster.Cluster.EndToEnd.Faults;

/// <summary>
/// Cuts a silo from its peers, or a front end from all silos, and from PostgreSQL, or from one of them. Its clients
/// still reach it.
/// </summary>
internal sealed class IsolateNode(FaultScope scope, bool fromPeers, bool fromPostgres) : Fault
{
    public override IncidentKind Kind => (scope, fromPeers, fromPostgres) switch
    {
        (FaultScope.FrontEnd, true, true) => IncidentKind.IsolateFrontEndFromBoth,
        (FaultScope.FrontEnd, true, false) => IncidentKind.IsolateFrontEndFromSilos,
        (FaultScope.FrontEnd, _, _) => IncidentKind.IsolateFrontEndFromPostgres,
        (_, true, true) => IncidentKind.IsolateFromBoth,
        (_, true, false) => IncidentKind.IsolateFromPeers,
        _ => IncidentKind.IsolateFromPostgres,
    };

    public override FaultScope Scope => scope;

    public override async Task StartAsync(FaultTarget target)
    {
        if (fromPostgres) target.Node.Postgres.Block();
        if (fromPeers) await target.Node.IsolateFromPeersAsync();
    }

    public override async Task EndAsync(FaultTarget target)
    {
        if (fromPeers) await target.Node.ReconnectPeersAsync();
        if (fromPostgres) target.Node.Postgres.Unblock(resetConnections: target.Random.NextBool(0.5));
    }
}
