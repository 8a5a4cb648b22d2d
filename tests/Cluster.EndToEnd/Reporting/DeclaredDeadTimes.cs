using KeysCluster.Cluster.EndToEnd.History;

namespace KeysCluster.Cluster.EndToEnd.Reporting;

/// <summary>How long the cluster took to declare silos dead.</summary>
/// <param name="Kind">The kind of the incidents.</param>
/// <param name="IncidentCount">The number of incidents.</param>
/// <param name="Times">
/// The times from the start of an incident until the silo was declared dead, in ascending order. Only incidents that
/// lasted long enough are included.
/// </param>
internal sealed record DeclaredDeadTimes(IncidentKind Kind, int IncidentCount, IReadOnlyList<TimeSpan> Times);
