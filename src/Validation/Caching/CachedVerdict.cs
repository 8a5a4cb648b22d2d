using KeysCluster.Projects;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Validation.Caching;

/// <summary>A verdict, and for how long it stays the same without a change of the key.</summary>
/// <param name="Verdict">The verdict.</param>
/// <param name="ValidFrom">The instant as of which the verdict was determined.</param>
/// <param name="ValidUntil">The next deadline or expiry of the key.</param>
/// <param name="ApiKey">The API key of a project that the secret belongs to; null for a virtual key.</param>
internal sealed record CachedVerdict(
    Verdict Verdict, DateTimeOffset ValidFrom, DateTimeOffset ValidUntil, AuthenticatedApiKey? ApiKey = null)
{
    public static CachedVerdict NotFound { get; } = Unlimited(Verdict.NotFound);

    public static CachedVerdict Unavailable { get; } = Unlimited(Verdict.Unavailable);

    public bool IsValidAt(DateTimeOffset now) => ValidFrom <= now && now < ValidUntil;

    /// <summary>Replaces the copy of the key by another one of the same revision.</summary>
    public CachedVerdict WithKey(VirtualKey key) => this with { Verdict = Verdict with { Key = key } };

    private static CachedVerdict Unlimited(Verdict verdict) =>
        new(verdict, DateTimeOffset.MinValue, DateTimeOffset.MaxValue);
}
