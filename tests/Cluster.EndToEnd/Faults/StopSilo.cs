using KeysCluster.Cluster.EndToEnd.History;

namespace KeysCluster.Cluster.EndToEnd.Faults;

/// <summary>Stops a silo in order (SIGTERM).</summary>
internal sealed class StopSilo : Fault
{
    public override IncidentKind Kind => IncidentKind.StopSilo;

    public override TimeSpan NextDuration(SeededRandom random) => random.NextDuration(1, 8);

    public override Task StartAsync(FaultTarget target) => target.Node.Process.StopAsync();

    public override Task EndAsync(FaultTarget target) => Task.CompletedTask;
}
