namespace KeysCluster.Grains.Leases;

/// <summary>What an operator decides about the leases of silos.</summary>
/// <param name="Length">
/// How long validations outlive the database, and how long a revoke may have to wait for a silo that does not answer.
/// </param>
public sealed record LeaseOptions(TimeSpan Length);
