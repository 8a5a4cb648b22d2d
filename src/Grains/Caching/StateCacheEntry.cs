using KeysCluster.Grains.SecretHolders;
using KeysCluster.Validation.Caching;

namespace KeysCluster.Grains.Caching;

/// <summary>
/// A state as storage contained it after <see cref="ReadAt"/>, with the secrets that have matched it.
/// </summary>
/// <param name="state">The state; null when there was none.</param>
/// <param name="epoch">The epoch of the lease; 0 when there was none.</param>
/// <param name="readAt">The time before the read or write began.</param>
internal sealed class StateCacheEntry<TState>(TState? state, long epoch, DateTimeOffset readAt)
    : CacheEntry(epoch, state?.Revision ?? 0)
    where TState : SecretHolderState
{
    public TState? State => state;

    public DateTimeOffset ReadAt => readAt;

    /// <summary>
    /// The same revision was read again, or written with new times of last use or without expired hashes. Matched
    /// secrets stay cached when they still exist; their verdicts do not, because they show the old state.
    /// </summary>
    protected override void MergeSecretsFrom(CacheEntry other) => Secrets =
    [
        .. from secret in ((StateCacheEntry<TState>)other).Secrets
           where state?.FindSecret(secret.Id.ToString()) is not null
           select secret.WithoutVerdict(),
    ];

    protected override int EstimateSize() => state is null ? MemorySize.Entry : MemorySize.Entry
        + state.SecretSets.Sum(secrets => 1 + secrets.Replaced.Length) * MemorySize.Secret
        + state.EstimateSize();
}
