using KeysCluster.Grains.SecretHolders;
using KeysCluster.Validation.Caching;

namespace KeysCluster.Grains.Caching;

internal static class StateCacheExtensions
{
    /// <summary>Caches the state that a read or write returned. A missing state is not cached.</summary>
    public static StateCacheEntry<TState> Commit<TState>(
        this LeasedCache<StateCacheEntry<TState>>.Fill fill, TState? state)
        where TState : SecretHolderState
    {
        var entry = new StateCacheEntry<TState>(state, fill.Epoch, fill.StartedAt);
        if (state is not null) fill.Commit(entry);
        return entry;
    }
}
