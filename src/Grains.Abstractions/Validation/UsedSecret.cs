using KeysCluster.Secrets;

namespace KeysCluster.Validation;

/// <summary>A secret that is known to be good, and when its use was last reported.</summary>
internal abstract class UsedSecret(in Fingerprint fingerprint, long reportedAtTicks = 0)
{
    private static readonly long ReportEveryTicks = TimeSpan.FromMinutes(1).Ticks;

    private readonly Fingerprint _fingerprint = fingerprint;
    private long _reportedAtTicks = reportedAtTicks;

    public ref readonly Fingerprint Fingerprint => ref _fingerprint;

    protected long ReportedAtTicks => Volatile.Read(ref _reportedAtTicks);

    public abstract SecretId Id { get; }

    /// <summary>
    /// Whether this use is to be reported: the first one, and then one a minute. All others cost one read of memory that
    /// nobody writes.
    /// </summary>
    public bool IsUseToReport(DateTimeOffset now)
    {
        var reportedAt = ReportedAtTicks;
        return now.UtcTicks - reportedAt >= ReportEveryTicks
            && Interlocked.CompareExchange(ref _reportedAtTicks, now.UtcTicks, reportedAt) == reportedAt;
    }
}
