using KeysCluster.Leases;
using KeysCluster.Validation;

namespace KeysCluster.Grains.Validation;

/// <summary>States of one grain type in this silo's memory.</summary>
internal sealed class HeldStates<TState>(string grainType, int capacity, ILease lease, TimeProvider time)
    : LeasedMemory<HeldState<TState>>(grainType, capacity, lease, time)
    where TState : class, IRevised;

internal static class HeldStates
{
    /// <summary>A read or write succeeded with this state, or found none: that may be held from now on.</summary>
    public static HeldState<TState> Complete<TState>(this LeasedMemory<HeldState<TState>>.Pending pending, TState? state)
        where TState : class, IRevised
    {
        var held = new HeldState<TState>(state, pending.Epoch, pending.BegunAt, pending.Timestamp);
        if (state is not null) pending.Keep(held);
        return held;
    }
}
