namespace KeysCluster.Grains.Validation;

/// <summary>A state as storage had it at some time after <see cref="ReadAt"/>.</summary>
/// <param name="State">The state; null when there was none.</param>
/// <param name="Epoch">Of the lease under which it may be used; 0 when there was none.</param>
/// <param name="ReadAt">Before the read or write that it comes from began, by the wall clock.</param>
/// <param name="Timestamp">The same instant by the monotonic clock.</param>
internal sealed record HeldState<TState>(TState? State, long Epoch, DateTimeOffset ReadAt, long Timestamp)
    where TState : class;
