using KeysCluster.Grains.Secrets;
using KeysCluster.Secrets;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Validation;

/// <summary>A secret that was presented and matched what storage keeps of it.</summary>
internal sealed class VerifiedSecret(SecretDigest digest, StoredSecret secret)
{
    private static readonly long ReportEveryTicks = TimeSpan.FromMinutes(1).Ticks;

    private readonly SecretDigest _digest = digest;
    private long _reportedAtTicks;

    public ref readonly SecretDigest Digest => ref _digest;

    public StoredSecret Secret => secret;

    /// <summary>The last verdict on it; null before the first.</summary>
    public TimedVerdict? Verdict { get; set; }

    /// <summary>
    /// Whether this use is to be reported: the first one, and then one a minute. All others cost one read of memory that
    /// nobody writes.
    /// </summary>
    public bool IsUseToReport(DateTimeOffset now)
    {
        var reportedAt = Volatile.Read(ref _reportedAtTicks);
        return now.UtcTicks - reportedAt >= ReportEveryTicks
            && Interlocked.CompareExchange(ref _reportedAtTicks, now.UtcTicks, reportedAt) == reportedAt;
    }
}

/// <summary>A verdict that stands until the next instant at which a state says something else by itself.</summary>
/// <param name="Verdict">The verdict.</param>
/// <param name="From">When it was made.</param>
/// <param name="Until">The next deadline or expiry of the key.</param>
internal sealed record TimedVerdict(Verdict Verdict, DateTimeOffset From, DateTimeOffset Until)
{
    public bool Holds(DateTimeOffset now) => From <= now && now < Until;
}
