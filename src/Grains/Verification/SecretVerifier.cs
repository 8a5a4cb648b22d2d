using KeysCluster.Grains.Caching;
using KeysCluster.Grains.Leases;
using KeysCluster.Grains.SecretHolders;
using KeysCluster.Grains.Secrets;
using KeysCluster.Grains.Time;
using KeysCluster.Secrets;
using KeysCluster.Validation.Caching;
using KeysCluster.VirtualKeys;
using Microsoft.Extensions.DependencyInjection;

namespace KeysCluster.Grains.Verification;

/// <summary>
/// Computes verdicts on presented secrets of virtual keys or projects, and decides whether the cache proves them.
/// </summary>
internal sealed class SecretVerifier<TState>(
    PepperRing ring,
    MissingPepperMonitor missingPeppers,
    LeaseOptions options,
    [FromKeyedServices(TimeProviderNames.Grains)] TimeProvider time)
    where TState : SecretHolderState
{
    /// <summary>
    /// The difference between the clocks of two silos that have a lease. A state must have been read this long after
    /// the deadline of a retiring secret to prove that no silo has extended the deadline.
    /// </summary>
    private readonly TimeSpan _maxClockDifference = 2 * options.MaxClockOffset;

    /// <summary>Returns the result for a presented secret, and caches the secret if it matches.</summary>
    /// <param name="entry">The cached or read state of the virtual key or project that the secret names.</param>
    /// <param name="presented">The presented secret.</param>
    /// <param name="project">When set, a holder that does not belong to this project is not found.</param>
    /// <returns>
    /// The verdict is <see cref="Verdict.Unavailable"/> when the secret may be one whose pepper is missing.
    /// </returns>
    public SecretMatch Evaluate(StateCacheEntry<TState> entry, in PresentedSecret presented, ProjectId? project = null)
    {
        if (entry.State is not { } state) return new(CachedVerdict.NotFound);
        if (project is { } scope && !state.BelongsTo(scope)) return new(CachedVerdict.NotFound);
        var now = time.GetUtcNowMilliseconds();
        var verdict = entry.FindVerdict(presented.Fingerprint, now, out var secret);
        if (secret is null)
        {
            var peppers = ring.Peppers;
            if (state.FindSecret(new PresentedHashes(presented.ComputeDigest(), peppers)) is not { } stored)
                return CreateMismatch(state, peppers, now);
            secret = entry.AddSecret(new CachedSecret(presented.Fingerprint, SecretId.Parse(stored.Id)));
        }

        if (verdict is null) secret.Verdict = verdict = CreateVerdict(entry, state, secret.Id, now);
        return new(verdict, secret, now, entry);
    }

    /// <summary>
    /// Returns whether the cache proves a verdict. It proves that a secret is valid, because a change that makes it
    /// invalid waits for this cache. It proves that a secret is invalid only when no change can make it valid again.
    /// </summary>
    public bool CanAnswerFromCache(Verdict verdict, StateCacheEntry<TState> entry) => verdict.Code switch
    {
        VerdictCode.Active or VerdictCode.Retiring => entry.State!.IsUsableFromCache,
        VerdictCode.Revoked => true,
        VerdictCode.ExpiredSecret => entry.ReadAt > verdict.ValidUntil + _maxClockDifference,
        _ => false,
    };

    /// <summary>Returns the result for a secret that is none of those whose peppers the silo has.</summary>
    private SecretMatch CreateMismatch(TState state, PepperSet peppers, DateTimeOffset now)
    {
        if (state.FindUnverifiableSecret(peppers, now) is not { } unverifiable)
            return new(CachedVerdict.NotFound);
        missingPeppers.Report(unverifiable.PepperId);
        return new(CachedVerdict.Unavailable);
    }

    private static CachedVerdict CreateVerdict(
        StateCacheEntry<TState> entry, TState state, SecretId id, DateTimeOffset now)
    {
        // The verdicts on all secrets share one copy of the key, which may show up to 32 retiring secrets.
        var other = entry.FindAnyVerdict(now);
        var secret = state.FindSecret(id.ToString())!;
        var code = state.Evaluate(secret, now);
        var verdict = new Verdict
        {
            Code = code,
            Key = other is null ? state.ToVirtualKey(now) : other.Verdict.Key,
            ValidUntil = code is VerdictCode.Retiring or VerdictCode.ExpiredSecret ? secret.ValidUntil : null,
            SecretId = id,
        };
        return new CachedVerdict(
            verdict,
            now,
            other?.ValidUntil ?? state.GetNextTransition(now),
            verdict.IsValid ? state.ToAuthenticatedApiKey(secret) : null);
    }
}
