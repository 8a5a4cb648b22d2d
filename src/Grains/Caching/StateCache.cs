using KeysCluster.Grains.Idempotency;
using KeysCluster.Grains.SecretHolders;
using KeysCluster.Validation.Caching;
using KeysCluster.Validation.Leases;

namespace KeysCluster.Grains.Caching;

/// <summary>The cached states of one grain type in this silo.</summary>
internal sealed class StateCache<TState>(string grainType, long capacity, ILease lease, TimeProvider time)
    : LeasedCache<StateCacheEntry<TState>>(grainType, capacity, lease, time)
    where TState : SecretHolderState
{
    private static readonly IdempotencyRecords NoRecords = new();

    /// <summary>Caches the state that a read or write returned.</summary>
    /// <param name="fill">The fill that began before the read or write.</param>
    /// <param name="state">The state; null when there is none.</param>
    /// <param name="cachesMissing">
    /// Whether to cache that there is none. Ids that callers choose must not fill the cache.
    /// </param>
    public static StateCacheEntry<TState> Commit(Fill fill, TState? state, bool cachesMissing = false)
    {
        var entry = new StateCacheEntry<TState>(
            state is null ? null : WithoutHistory(state), fill.Epoch, fill.StartedAt);
        if (state is not null || cachesMissing) fill.Commit(entry);
        return entry;
    }

    /// <summary>
    /// Returns what validation and readers need of a state. A change starts from the state of the activation, never
    /// from this one.
    /// </summary>
    private static TState WithoutHistory(TState state) => state with
    {
        IdempotencyRecords = NoRecords,
        LastEvent = state.LastEvent with { Changes = null, UnknownMembers = null },
        UnknownMembers = null,
    };
}
