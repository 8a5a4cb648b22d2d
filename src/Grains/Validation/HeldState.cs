using KeysCluster.Grains.Secrets;
using KeysCluster.Secrets;
using KeysCluster.Validation;

namespace KeysCluster.Grains.Validation;

/// <summary>A state as storage had it at some time after <see cref="ReadAt"/>, and which secrets were found good by it.</summary>
/// <param name="state">The state; null when there was none.</param>
/// <param name="epoch">Of the lease under which it may be used; 0 when there was none.</param>
/// <param name="readAt">Before the read or write that it comes from began, by the wall clock.</param>
/// <param name="timestamp">The same instant by the monotonic clock.</param>
internal sealed class HeldState<TState>(TState? state, long epoch, DateTimeOffset readAt, long timestamp)
    : Held(epoch, timestamp)
    where TState : class, IRevised
{
    private VerifiedSecret[] _verified = [];

    public TState? State => state;

    public DateTimeOffset ReadAt => readAt;

    public override long Revision => state?.Revision ?? 0;

    /// <summary>
    /// The secret of this state that has a fingerprint, when it was asked for before: then no keyed hash is computed again. Each
    /// comparison takes the same time whatever is presented.
    /// </summary>
    public VerifiedSecret? Verified(in Fingerprint fingerprint)
    {
        foreach (var secret in Volatile.Read(ref _verified))
            if (secret.Fingerprint.FixedTimeEquals(fingerprint)) return secret;
        return null;
    }

    /// <summary>Remembers that a secret of this state has a fingerprint, once for however many find it out at the same time.</summary>
    public VerifiedSecret Remember(in Fingerprint fingerprint, StoredSecret secret)
    {
        var verified = new VerifiedSecret(fingerprint, secret);
        while (true)
        {
            var known = Volatile.Read(ref _verified);
            if (Verified(fingerprint) is { } other) return other;
            if (Interlocked.CompareExchange(ref _verified, [.. known, verified], known) == known) return verified;
        }
    }

    /// <summary>
    /// The same revision was written again, with later uses or without what has ended: its secrets are known to have the
    /// fingerprints that they had, and when their use was last reported.
    /// </summary>
    public override void Absorb(Held other) => _verified =
    [
        .. from verified in Volatile.Read(ref ((HeldState<TState>)other)._verified)
           let secret = state!.FindSecret(verified.Secret.Id)
           where secret is not null
           select verified.In(secret),
    ];
}
