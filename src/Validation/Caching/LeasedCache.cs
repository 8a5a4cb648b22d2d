using BitFaster.Caching;
using BitFaster.Caching.Lru;
using KeysCluster.Validation.Leases;

namespace KeysCluster.Validation.Caching;

/// <summary>
/// An LRU cache whose entries may be used while this process has a lease. An entry proves that a secret is valid,
/// because a change that makes it invalid waits for this cache to be invalidated. An entry does not prove that a secret
/// is invalid: a rotation does not wait for this cache before it returns the new secret. Source:
/// docs/adr/0007-leases.md.
/// </summary>
internal class LeasedCache<TEntry> : ILeasedCache
    where TEntry : CacheEntry
{
    /// <summary>The lowest number of entries that the LRU cache accepts as its capacity.</summary>
    private const int MinCount = 3;

    private readonly ConcurrentLru<string, TEntry> _entries;
    private readonly IAlternateLookup<ReadOnlySpan<char>, string, TEntry> _entriesBySpan;
    private readonly Dictionary<string, List<Fill>> _fills = [];
    private readonly Dictionary<string, long> _minRevisions = [];
    private readonly Lock _gate = new();
    private readonly long _capacity;
    private readonly ILease _lease;
    private readonly TimeProvider _time;
    private long _size;

    /// <param name="grainType">The grain type of the owners. An owner is identified by its grain key.</param>
    /// <param name="capacity">
    /// The memory that the entries may take, in bytes. Beyond it, the least recently used are evicted.
    /// </param>
    /// <param name="lease">The lease of this process.</param>
    /// <param name="time">The clock that determines when a fill began.</param>
    public LeasedCache(string grainType, long capacity, ILease lease, TimeProvider time)
    {
        GrainType = GrainType.Create(grainType);
        (_capacity, _lease, _time) = (capacity, lease, time);

        // No entry is smaller, so the number of entries never limits the cache before their memory does.
        var maxCount = (int)Math.Max(capacity / (MemorySize.Entry + MemorySize.Secret), MinCount);
        _entries = new(Environment.ProcessorCount, maxCount, StringComparer.Ordinal);
        _entriesBySpan = _entries.GetAlternateLookup<ReadOnlySpan<char>>();
        _entries.Events.Value!.ItemRemoved += (_, removed) => OnRemoved(removed.Value!);
        _entries.Events.Value!.ItemUpdated += (_, updated) => OnUpdated(updated.OldValue!, updated.NewValue!);
        lease.Lost += Clear;
    }

    public GrainType GrainType { get; }

    /// <summary>The number of entries.</summary>
    public int Count => _entries.Count;

    /// <summary>The memory that the entries take, in bytes, as estimated.</summary>
    public long Size => Volatile.Read(ref _size);

    public bool HasValidLease => _lease.Epoch != 0;

    /// <summary>The number of owners with a fill in progress.</summary>
    public int FillCount
    {
        get
        {
            lock (_gate) return _fills.Count;
        }
    }

    /// <summary>Returns the entry of an owner; null when there is none that may be used now.</summary>
    public TEntry? Find(ReadOnlySpan<char> owner) =>
        _entriesBySpan.TryGet(owner, out var entry) && IsUsable(entry) ? entry : null;

    /// <summary>Returns whether there is an entry, even one that may not be used now.</summary>
    public bool Contains(string owner) => _entries.TryGet(owner, out _);

    /// <summary>Returns whether the lease under which the entry was filled has been valid ever since.</summary>
    public bool IsUsable(TEntry entry) => entry.Epoch != 0 && entry.Epoch == _lease.Epoch;

    /// <summary>
    /// Begins a read or write whose result may be cached, unless a newer revision is committed meanwhile.
    /// </summary>
    public Fill BeginFill(string owner)
    {
        var fill = new Fill(this, owner, _lease.Epoch, _time.GetUtcNow());
        lock (_gate)
        {
            if (_fills.TryGetValue(owner, out var others)) others.Add(fill);
            else _fills.Add(owner, [fill]);
            if (_minRevisions.TryGetValue(owner, out var revision)) fill.RequireRevision(revision);
        }

        return fill;
    }

    /// <summary>Removes every revision of an owner, after a write with an unknown outcome.</summary>
    public void InvalidateAll(string owner) => Invalidate(owner, long.MaxValue);

    public void Invalidate(string owner, long revision)
    {
        lock (_gate) RemoveOlder(owner, revision);
    }

    public void InvalidateAhead(string owner, long revision)
    {
        lock (_gate)
        {
            RemoveOlder(owner, revision);
            _minRevisions[owner] = Math.Max(revision, _minRevisions.GetValueOrDefault(owner));
        }
    }

    public void Apply(string owner, long revision)
    {
        lock (_gate)
        {
            RemoveOlder(owner, revision);
            if (_minRevisions.TryGetValue(owner, out var required) && required <= revision)
                _minRevisions.Remove(owner);
        }
    }

    private void OnRemoved(TEntry entry)
    {
        _size -= entry.Size;
        entry.Lifetime!.End();
    }

    private void OnUpdated(TEntry old, TEntry entry)
    {
        _size += entry.Size - old.Size;
        if (old.Lifetime != entry.Lifetime) old.Lifetime!.End();
    }

    private void RemoveOlder(string owner, long revision)
    {
        foreach (var fill in _fills.GetValueOrDefault(owner, [])) fill.RequireRevision(revision);
        if (_entries.TryGet(owner, out var entry) && entry.Revision < revision) _entries.TryRemove(owner);
    }

    /// <summary>Adds an entry, then evicts the least recently used ones beyond the capacity.</summary>
    private void AddOrUpdate(string owner, TEntry entry, bool isNew)
    {
        entry.Begin();
        if (isNew) _size += entry.Size;
        _entries.AddOrUpdate(owner, entry);
        while (_size > _capacity && _entries.Count > 0) _entries.Policy.Eviction.Value!.Trim(1);
    }

    private void Clear()
    {
        lock (_gate)
        {
            _entries.Clear();
            _minRevisions.Clear();
        }
    }

    /// <summary>A read or write in progress.</summary>
    internal sealed class Fill(
        LeasedCache<TEntry> cache, string owner, long epoch, DateTimeOffset startedAt) : IDisposable
    {
        private long _minRevision;

        public long Epoch => epoch;

        public DateTimeOffset StartedAt => startedAt;

        /// <summary>Caches the result of the read or write.</summary>
        public void Commit(TEntry entry)
        {
            lock (cache._gate)
            {
                var hasOther = cache._entries.TryGet(owner, out var other);

                // A slow read must not replace the result of a later write.
                if (hasOther && other!.Revision > entry.Revision) return;

                // An invalidation for a higher revision arrived during the fill, or the lease was lost. The present
                // entry is not newer than this one, so it is stale as well.
                if (entry.Revision < _minRevision || !cache.IsUsable(entry))
                {
                    cache._entries.TryRemove(owner);
                    return;
                }

                // The same revision was read again, or written with new times of last use. The matched secrets stay
                // cached, so that they need no new keyed hash.
                if (hasOther && other!.Revision == entry.Revision && cache.IsUsable(other)) entry.MergeFrom(other);
                cache.AddOrUpdate(owner, entry, isNew: !hasOther);
            }
        }

        /// <summary>
        /// Returns the lifetime of the cached entry of a revision, which this call caches if there is none; null if
        /// another revision is cached, or the revision is stale.
        /// </summary>
        /// <param name="entry">An entry of the revision, without secrets.</param>
        public EntryLifetime? CommitRevision(TEntry entry)
        {
            lock (cache._gate)
            {
                var hasSame = cache._entries.TryGet(owner, out var other)
                    && other.Revision == entry.Revision
                    && cache.IsUsable(other);
                if (hasSame) return other!.Lifetime!;
                Commit(entry);
                return cache._entries.TryGet(owner, out var committed) && committed == entry ? entry.Lifetime : null;
            }
        }

        public void RequireRevision(long revision) => _minRevision = Math.Max(_minRevision, revision);

        public void Dispose()
        {
            lock (cache._gate)
            {
                var fills = cache._fills[owner];
                fills.Remove(this);
                if (fills.Count == 0) cache._fills.Remove(owner);
            }
        }
    }
}
