namespace KeysCluster.Grains.Leases;

/// <summary>The options of leases.</summary>
/// <param name="Duration">
/// How long validations continue without the database, and how long a revocation may wait for a silo that does not
/// answer.
/// </param>
public sealed record LeaseOptions(TimeSpan Duration);
