using BitFaster.Caching;
using BitFaster.Caching.Lru;
using KeysCluster.Leases;

namespace KeysCluster.Validation;

/// <summary>
/// What this process holds in memory to answer validations from. What is held proves that a secret is good: who ends the
/// secret waits until it is forgotten here. It does not prove that a secret is bad, since nobody waits for it before a new
/// secret is handed out. Source: docs/adr/0007-leases.md.
/// </summary>
internal class LeasedMemory<THeld> : ILeasedMemory
    where THeld : Held
{
    private readonly ConcurrentLru<string, THeld> _held;
    private readonly IAlternateLookup<ReadOnlySpan<char>, string, THeld> _heldByText;
    private readonly Dictionary<string, List<Pending>> _pending = [];
    private readonly Lock _gate = new();
    private readonly ILease _lease;
    private readonly TimeProvider _time;

    /// <param name="grainType">The grains that own what is held; each is named by its grain's key.</param>
    /// <param name="capacity">How many owners at most; beyond it the least used go.</param>
    /// <param name="lease">Of this process.</param>
    /// <param name="time">The clock that ages what is held.</param>
    public LeasedMemory(string grainType, int capacity, ILease lease, TimeProvider time)
    {
        GrainType = GrainType.Create(grainType);
        _held = new(Environment.ProcessorCount, capacity, StringComparer.Ordinal);
        _heldByText = _held.GetAlternateLookup<ReadOnlySpan<char>>();
        (_lease, _time) = (lease, time);
        lease.Lost += _held.Clear;
    }

    public GrainType GrainType { get; }

    /// <summary>What may be used now; null when there is nothing, or the lease is not good.</summary>
    public THeld? Find(ReadOnlySpan<char> owner) =>
        _heldByText.TryGet(owner, out var held) && IsUsable(held) ? held : null;

    /// <summary>Whether something of it is in memory, though it may be too old to be used.</summary>
    public bool Knows(string owner) => _held.TryGet(owner, out _);

    /// <summary>How many owners something is held of.</summary>
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
    public bool IsUsable(THeld held) =>
        held.Epoch != 0 && _time.GetElapsedTime(held.Timestamp) < MemoryLimits.LongestUse && held.Epoch == _lease.Epoch;

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
            if (_held.TryGet(owner, out var held) && held.Revision < revision) _held.TryRemove(owner);
        }
    }

    /// <summary>A read or write that has begun and not ended.</summary>
    internal sealed class Pending(
        LeasedMemory<THeld> memory, string owner, long epoch, DateTimeOffset begunAt, long timestamp) : IDisposable
    {
        private long _leastRevision;

        public long Epoch => epoch;

        public DateTimeOffset BegunAt => begunAt;

        public long Timestamp => timestamp;

        /// <summary>It succeeded with this, which may be held from now on.</summary>
        public void Keep(THeld held)
        {
            lock (memory._gate)
            {
                var isKnown = memory._held.TryGet(owner, out var other);
                if (isKnown && other!.Revision > held.Revision) return;
                if (held.Revision < _leastRevision || !memory.IsUsable(held))
                {
                    memory._held.TryRemove(owner);
                    return;
                }

                if (isKnown && other!.Revision == held.Revision && memory.IsUsable(other)) held.Absorb(other);
                memory._held.AddOrUpdate(owner, held);
            }
        }

        public void Require(long revision) => _leastRevision = Math.Max(_leastRevision, revision);

        public void Dispose()
        {
            lock (memory._gate)
            {
                var pending = memory._pending[owner];
                pending.Remove(this);
                if (pending.Count == 0) memory._pending.Remove(owner);
            }
        }
    }
}
