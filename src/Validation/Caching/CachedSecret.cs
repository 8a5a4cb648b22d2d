using KeysCluster.Secrets;

namespace KeysCluster.Validation.Caching;

/// <summary>A secret that has matched, with its last verdict and the time at which its use was last reported.</summary>
internal sealed class CachedSecret(in SecretFingerprint fingerprint, SecretId id, long reportedAtTicks = 0)
{
    private static readonly long ReportIntervalTicks = TimeSpan.FromMinutes(1).Ticks;

    private readonly SecretFingerprint _fingerprint = fingerprint;
    private long _reportedAtTicks = reportedAtTicks;

    public ref readonly SecretFingerprint Fingerprint => ref _fingerprint;

    public SecretId Id => id;

    /// <summary>The last verdict; null before the first one.</summary>
    public CachedVerdict? Verdict { get; set; }

    /// <summary>Returns the verdict if it is valid at an instant; null otherwise.</summary>
    public CachedVerdict? GetVerdictAt(DateTimeOffset now) =>
        Verdict is { } verdict && verdict.IsValidAt(now) ? verdict : null;

    /// <summary>
    /// Returns true for the first use and then once per minute. Every other use costs one read of a field that is not
    /// written meanwhile, so processor cores do not contend for it.
    /// </summary>
    public bool ShouldReport(DateTimeOffset now)
    {
        var reportedAt = Volatile.Read(ref _reportedAtTicks);
        return now.UtcTicks - reportedAt >= ReportIntervalTicks
            && Interlocked.CompareExchange(ref _reportedAtTicks, now.UtcTicks, reportedAt) == reportedAt;
    }

    /// <summary>Copies the secret for an entry of another state, whose verdict may differ.</summary>
    public CachedSecret WithoutVerdict() => new(_fingerprint, id, Volatile.Read(ref _reportedAtTicks));
}
