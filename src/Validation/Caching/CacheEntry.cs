namespace KeysCluster.Validation.Caching;

/// <summary>The cached secrets of one virtual key or project, and the lease under which they may be used.</summary>
/// <param name="epoch">The epoch of the lease; 0 when there was none.</param>
/// <param name="timestamp">The monotonic time before the read or write that produced the entry began.</param>
/// <param name="revision">
/// The revision of the owner. Of two entries, the one with the higher revision is current.
/// </param>
/// <param name="secrets">The secrets.</param>
internal class CacheEntry(long epoch, long timestamp, long revision, params CachedSecret[] secrets)
{
    private CachedSecret[] _secrets = secrets;

    public long Epoch => epoch;

    public long Timestamp { get; private set; } = timestamp;

    public long Revision => revision;

    protected CachedSecret[] Secrets
    {
        get => Volatile.Read(ref _secrets);
        set => Volatile.Write(ref _secrets, value);
    }

    /// <summary>
    /// Returns the secret with a fingerprint; null when it is not cached. Each comparison takes constant time.
    /// </summary>
    public CachedSecret? FindSecret(in SecretFingerprint fingerprint)
    {
        foreach (var secret in Secrets)
            if (secret.Fingerprint.FixedTimeEquals(fingerprint)) return secret;
        return null;
    }

    /// <summary>Adds a secret unless another caller has added it meanwhile, and returns the one in the entry.</summary>
    public CachedSecret AddSecret(CachedSecret secret)
    {
        while (true)
        {
            var present = Secrets;
            if (FindSecret(secret.Fingerprint) is { } other) return other;
            if (Interlocked.CompareExchange(ref _secrets, [.. present, secret], present) == present) return secret;
        }
    }

    /// <summary>
    /// Takes over what is still valid of the entry that this one replaces. Both have the same revision and epoch.
    /// Verdicts that are taken over make the merged entry as old as the older one.
    /// </summary>
    public virtual void MergeFrom(CacheEntry other)
    {
        Secrets = [.. Secrets, .. other.Secrets.Where(secret => FindSecret(secret.Fingerprint) is null)];
        Timestamp = Math.Min(Timestamp, other.Timestamp);
    }
}
