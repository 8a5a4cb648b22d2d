using KeysCluster.Cluster.EndToEnd.History;
using KeysCluster.Cluster.EndToEnd.Processes;

namespace KeysCluster.Cluster.EndToEnd.Faults;

/// <summary>Replaces a silo by one of the previous build for a while, as an upgrade and its reversal do.</summary>
internal sealed class RunPreviousBuild : Fault
{
    public override IncidentKind Kind => IncidentKind.RunPreviousBuild;

    public override bool IsSupported(ProcessCluster cluster) => cluster.PreviousSiloProgram is not null;

    public override TimeSpan NextDuration(SeededRandom random) => random.NextDuration(15, 40);

    public override async Task StartAsync(FaultTarget target)
    {
        await target.Node.Process.StopAsync();
        target.Node.Process.ProgramOverride = target.Cluster.PreviousSiloProgram;
        await target.Node.Process.StartAsync();
    }

    public override async Task EndAsync(FaultTarget target)
    {
        target.Node.Process.ProgramOverride = null;
        await target.Node.Process.StopAsync();
    }
}
