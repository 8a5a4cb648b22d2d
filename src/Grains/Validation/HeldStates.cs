using BitFaster.Caching;
using BitFaster.Caching.Lru;
using KeysCluster.Grains.Leases;
using KeysCluster.Grains.Owners;

namespace KeysCluster.Grains.Validation;

/// <summary>
/// States in this silo's memory from which validations are answered. One that is held proves that a secret is good: who
/// ends the secret waits until it is forgotten here. It does not prove that a secret is bad, since nobody waits for it
/// before a new secret is handed out: that takes a read. Source: docs/adr/0007-leases.md.
/// </summary>
internal sealed class HeldStates<TState> : IHeldStates
    where TState : class, IRevised
{
    /// <summary>
    /// No state is used for longer, so that an end of validity that is at least <see cref="SecretOwnerLifecycle.Horizon"/>
    /// ahead is known everywhere before it comes, and nobody needs to be told of it.
    /// </summary>
    internal static readonly TimeSpan LongestUse = SecretOwnerLifecycle.Horizon - TimeSpan.FromMinutes(1);

    private readonly ConcurrentLru<string, HeldState<TState>> _held;
    private readonly IAlternateLookup<ReadOnlySpan<char>, string, HeldState<TState>> _heldByText;
    private readonly Dictionary<string, List<Pending>> _pending = [];
    private readonly Lock _gate = new();
    private readonly ISiloLease _lease;
    private readonly TimeProvider _time;

    /// <param name="grainType">The grains whose states these are; a state is named by its grain's key.</param>
    /// <param name="capacity">How many states at most; beyond it the least used go.</param>
    /// <param name="lease">The silo's.</param>
    /// <param name="time">Of the grains.</param>
    public HeldStates(string grainType, int capacity, ISiloLease lease, TimeProvider time)
    {
        GrainType = GrainType.Create(grainType);
        _held = new(Environment.ProcessorCount, capacity, StringComparer.Ordinal);
        _heldByText = _held.GetAlternateLookup<ReadOnlySpan<char>>();
        (_lease, _time) = (lease, time);
        lease.Lost += _held.Clear;
    }

    public GrainType GrainType { get; }

    /// <summary>What may be used now; null when there is nothing, or the lease is not good.</summary>
    public HeldState<TState>? Find(ReadOnlySpan<char> owner) =>
        _heldByText.TryGet(owner, out var held) && IsUsable(held) ? held : null;

    /// <summary>Whether something of it is in memory, though it may be too old to be used.</summary>
    public bool Knows(string owner) => _held.TryGet(owner, out _);

    /// <summary>How many states are in memory.</summary>
    public int Count => _held.Count;

    /// <summary>How many owners are being read or written.</summary>
    internal int PendingCount
    {
        get
        {
            lock (_gate) return _pending.Count;
        }
    }

    /// <summary>Whether anything may be answered at all.</summary>
    public bool IsOpen => _lease.Epoch != 0;

    /// <summary>Whether the lease under which it was read has been good ever since.</summary>
    public bool IsUsable(HeldState<TState> held) =>
        held.Epoch != 0 && _time.GetElapsedTime(held.Timestamp) < LongestUse && held.Epoch == _lease.Epoch;

    /// <summary>Begins a read or a write, whose result may be held when nothing newer was committed meanwhile.</summary>
    public Pending Begin(string owner)
    {
        var pending = new Pending(this, owner, _lease.Epoch, _time.GetUtcNow(), _time.GetTimestamp());
        lock (_gate)
        {
            if (_pending.TryGetValue(owner, out var others)) others.Add(pending);
            else _pending.Add(owner, [pending]);
        }

        return pending;
    }

    /// <summary>Makes room: as good as never held.</summary>
    internal void Evict(string owner) => _held.TryRemove(owner);

    /// <summary>Forgets a state of which it is not known whether it is still the one that storage has.</summary>
    public void Forget(string owner) => Invalidate(owner, long.MaxValue);

    public void Invalidate(string owner, long revision)
    {
        lock (_gate)
        {
            foreach (var pending in _pending.GetValueOrDefault(owner, [])) pending.Require(revision);
            if (_held.TryGet(owner, out var held) && held.State!.Revision < revision) _held.TryRemove(owner);
        }
    }

    /// <summary>A read or write that has begun and not ended.</summary>
    internal sealed class Pending(
        HeldStates<TState> states, string owner, long epoch, DateTimeOffset begunAt, long timestamp) : IDisposable
    {
        private long _leastRevision;

        /// <summary>It succeeded with this state, or found none: that may be held from now on.</summary>
        public HeldState<TState> Complete(TState? state)
        {
            var held = new HeldState<TState>(state, epoch, begunAt, timestamp);
            if (state is null) return held;
            lock (states._gate)
            {
                if (states._held.TryGet(owner, out var other) && other.State!.Revision > state.Revision) return held;
                if (state.Revision >= _leastRevision && states.IsUsable(held)) states._held.AddOrUpdate(owner, held);
                else states._held.TryRemove(owner);
            }

            return held;
        }

        public void Require(long revision) => _leastRevision = Math.Max(_leastRevision, revision);

        public void Dispose()
        {
            lock (states._gate)
            {
                var pending = states._pending[owner];
                pending.Remove(this);
                if (pending.Count == 0) states._pending.Remove(owner);
            }
        }
    }
}
