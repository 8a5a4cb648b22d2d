using KeysCluster.Cluster.EndToEnd.History;
using KeysCluster.Cluster.EndToEnd.Processes;
using KeysCluster.TestKit;

namespace KeysCluster.Cluster.EndToEnd.Faults;

/// <summary>Sets the wall clock of a silo off, by less or by more than the permitted offset.</summary>
internal sealed class ChangeClock(bool exceedsLimit) : Fault
{
    /// <summary>The time of a silo never goes back: after a step back, it runs 2 % slower until both agree.</summary>
    private static readonly TimeSpan ConvergenceTime = TimeSpan.FromSeconds(60);

    public override IncidentKind Kind => exceedsLimit ? IncidentKind.StepClock : IncidentKind.OffsetClock;

    public override bool IsSupported(ProcessCluster cluster) => cluster.Silos.Exists(silo => silo.Clock is not null);

    public override bool CanTarget(ClusterNode node) => node.Clock is not null;

    public override async Task StartAsync(FaultTarget target)
    {
        target.History.BeginClockFault();
        var seconds = exceedsLimit ? target.Random.NextDuration(2, 600) : target.Random.NextDuration(0.2, 0.7);
        await SetAsync(target, target.Random.NextBool(0.5) ? seconds : -seconds);
    }

    public override async Task EndAsync(FaultTarget target)
    {
        await SetAsync(target, TimeSpan.Zero);
        target.History.EndClockFault(ConvergenceTime);
    }

    /// <summary>Sets the clock, and waits until the silo must have read it.</summary>
    private static Task SetAsync(FaultTarget target, TimeSpan offset)
    {
        target.Node.Clock!.Set(offset);
        return Task.Delay(FakeClock.MaxDelay);
    }
}
