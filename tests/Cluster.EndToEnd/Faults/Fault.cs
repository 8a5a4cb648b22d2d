using KeysCluster.Cluster.EndToEnd.History;
using KeysCluster.Cluster.EndToEnd.Processes;

namespace KeysCluster.Cluster.EndToEnd.Faults;

/// <summary>A kind of fault: what it does to its target, and for how long.</summary>
internal abstract class Fault
{
    public abstract IncidentKind Kind { get; }

    public virtual FaultScope Scope => FaultScope.Silo;

    /// <summary>Returns whether this machine and cluster permit the fault.</summary>
    public virtual bool IsSupported(ProcessCluster cluster) => true;

    /// <summary>
    /// By default usually long enough for an isolated silo to be declared dead, while it can only rely on its cache.
    /// </summary>
    public virtual TimeSpan NextDuration(SeededRandom random) => random.NextDuration(5, 25);

    /// <summary>Returns whether the fault can hit a node of its scope.</summary>
    public virtual bool CanTarget(ClusterNode node) => true;

    /// <summary>Prepares the fault while all processes are healthy.</summary>
    public virtual Task PrepareAsync(FaultTarget target) => Task.CompletedTask;

    public abstract Task StartAsync(FaultTarget target);

    public abstract Task EndAsync(FaultTarget target);
}
