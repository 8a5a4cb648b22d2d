using KeysCluster.Cluster.EndToEnd.History;
using KeysCluster.Cluster.EndToEnd.Processes;

namespace KeysCluster.Cluster.EndToEnd.Faults;

/// <summary>Fills the file system of PostgreSQL, which then fails writes, or stops.</summary>
internal sealed class FillDisk : Fault
{
    public override IncidentKind Kind => IncidentKind.FillDisk;

    public override FaultScope Scope => FaultScope.Postgres;

    public override bool IsSupported(ProcessCluster cluster) => cluster.Disk is not null;

    public override Task StartAsync(FaultTarget target)
    {
        target.Cluster.Disk!.Fill();
        return Task.CompletedTask;
    }

    public override async Task EndAsync(FaultTarget target)
    {
        target.Cluster.Disk!.Free();
        await target.Cluster.Postgres.EnsureStartedAsync();
    }
}
