using KeysCluster.Grains.SecretHolders;
using KeysCluster.Validation.Caching;
using KeysCluster.Validation.Leases;

namespace KeysCluster.Grains.Caching;

/// <summary>The cached states of one grain type in this silo.</summary>
internal sealed class StateCache<TState>(string grainType, int capacity, ILease lease, TimeProvider time)
    : LeasedCache<StateCacheEntry<TState>>(grainType, capacity, lease, time)
    where TState : SecretHolderState;
