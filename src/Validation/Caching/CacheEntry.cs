namespace KeysCluster.Validation.Caching;

/// <summary>The cached secrets of one virtual key or project, and the lease under which they may be used.</summary>
/// <param name="epoch">The epoch of the lease; 0 when there was none.</param>
/// <param name="revision">The revision of the owner. The entry with the higher revision is current.</param>
/// <param name="secrets">The secrets.</param>
internal class CacheEntry(long epoch, long revision, params CachedSecret[] secrets)
{
    private CachedSecret[] _secrets = secrets;

    /// <summary>Ends when the cache no longer contains this revision; null before the entry is cached.</summary>
    public EntryLifetime? Lifetime { get; private set; }

    /// <summary>
    /// The lifetime of the project's entry, which said that the project is active; null when this is not known. A valid
    /// verdict on a virtual key may be answered only while it has not ended.
    /// </summary>
    public EntryLifetime? Project { get; set; }

    public bool IsProjectActive => Project is { HasEnded: false };

    public long Epoch => epoch;

    public long Revision => revision;

    /// <summary>The memory that the entry takes, in bytes, as estimated when it was cached.</summary>
    public int Size { get; private set; }

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

    /// <summary>
    /// Returns the verdict on the secret with a fingerprint that is valid at an instant; null when there is none.
    /// </summary>
    /// <param name="fingerprint">The fingerprint.</param>
    /// <param name="now">The instant.</param>
    /// <param name="secret">The secret; null when it is not cached, not null when there is a verdict.</param>
    public CachedVerdict? FindVerdict(
        in SecretFingerprint fingerprint, DateTimeOffset now, out CachedSecret? secret)
    {
        secret = FindSecret(fingerprint);
        return secret?.GetVerdictAt(now);
    }

    /// <summary>Returns a verdict on any of the secrets that is valid at an instant; null when there is none.</summary>
    public CachedVerdict? FindAnyVerdict(DateTimeOffset now)
    {
        foreach (var secret in Secrets)
            if (secret.GetVerdictAt(now) is { } verdict) return verdict;
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
    /// </summary>
    public void MergeFrom(CacheEntry other)
    {
        Lifetime = other.Lifetime;
        Project ??= other.Project;
        MergeSecretsFrom(other);
    }

    /// <summary>
    /// Takes over the secrets of the entry that this one replaces, as far as they are still valid. Verdicts of a key
    /// with the same end show the same key, and share one copy of it. Verdicts with another end have expired.
    /// </summary>
    protected virtual void MergeSecretsFrom(CacheEntry other)
    {
        var verdict = Secrets.FirstOrDefault()?.Verdict;
        var key = verdict?.Verdict.Key;
        CachedSecret[] secrets =
        [
            .. from secret in other.Secrets
               where FindSecret(secret.Fingerprint) is null
               where key is null || secret.Verdict?.ValidUntil == verdict!.ValidUntil
               select secret,
        ];
        if (key is not null)
            foreach (var secret in secrets) secret.Verdict = secret.Verdict!.WithKey(key);
        Secrets = [.. Secrets, .. secrets];
    }

    /// <summary>Prepares the entry for the cache.</summary>
    public void Begin()
    {
        Lifetime ??= new EntryLifetime(Revision);
        Size = EstimateSize();
    }

    /// <summary>Estimates the memory that the entry takes, including what may be added while it is cached.</summary>
    protected virtual int EstimateSize() => MemorySize.Entry
        + MemorySize.Secret * Secrets.Length
        + MemorySize.Estimate(Secrets.FirstOrDefault()?.Verdict?.Verdict.Key);
}
