using KeysCluster.Cluster.EndToEnd.History;

namespace KeysCluster.Cluster.EndToEnd.Faults;

/// <summary>
/// Cuts two silos from each other, in both directions or in one. Each blocks the connections that it opened itself.
/// </summary>
internal sealed class CutPair(bool isOneWay) : Fault
{
    private const string Send = "Send";
    private const string Receive = "Receive";

    public override IncidentKind Kind => isOneWay ? IncidentKind.CutOneWay : IncidentKind.CutPair;

    public override FaultScope Scope => FaultScope.SiloPair;

    public override async Task StartAsync(FaultTarget target)
    {
        var (first, second) = (target.Node, target.Peer);
        await first.BlockPeerAsync(second.SiloPort, Send);
        await second.BlockPeerAsync(first.SiloPort, Receive);
        if (isOneWay) return;
        await first.BlockPeerAsync(second.SiloPort, Receive);
        await second.BlockPeerAsync(first.SiloPort, Send);
    }

    public override Task EndAsync(FaultTarget target) =>
        Task.WhenAll(target.Node.ReconnectPeersAsync(), target.Peer.ReconnectPeersAsync());
}
