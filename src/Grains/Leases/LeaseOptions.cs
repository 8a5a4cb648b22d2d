namespace KeysCluster.Grains.Leases;

/// <summary>The options of leases.</summary>
/// <param name="Duration">
/// How long validations continue without the database, and how long a revocation may wait for a process that does not
/// answer.
/// </param>
/// <param name="MaxClockOffset">How far the clock of a silo may differ from that of the database.</param>
public sealed record LeaseOptions(TimeSpan Duration, TimeSpan MaxClockOffset)
{
    /// <summary>The longest permitted duration.</summary>
    public static readonly TimeSpan MaxDuration = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The time after a commit by which every process has applied it to its cache, or has no lease. A client may have
    /// renewed its lease last at a silo that was itself about to lose its own: two durations, and one to spare.
    /// </summary>
    public static readonly TimeSpan MaxPropagation = 3 * MaxDuration;
}
