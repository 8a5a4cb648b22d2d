using KeysCluster.Grains.Concurrency;

namespace KeysCluster.Grains.Leases;

/// <summary>
/// The stored leases, as changes of this silo read them. Reads are coalesced. A lease that is not renewed
/// for its duration has expired, by the monotonic clock of this silo: the time counts from when this silo first saw
/// the last renewal, which is after the holder began to count.
/// </summary>
internal sealed class LeaseTable
{
    private readonly ILeaseStore _store;
    private readonly TimeProvider _time;
    private readonly CoalescingReader<bool, IReadOnlyList<Lease>> _reads;
    private Dictionary<Guid, Observation> _observations = [];

    public LeaseTable(ILeaseStore store, TimeProvider time) =>
        (_store, _time, _reads) = (store, time, new(_ => RefreshAsync()));

    /// <summary>The leases as of the last refresh.</summary>
    public IReadOnlyList<Lease> Latest { get; private set; } = [];

    /// <summary>Returns the leases that have not expired, by a refresh that begins after the call.</summary>
    public Task<IReadOnlyList<Lease>> ReadAsync() => _reads.TryJoinAsync(true, limit: 1)!;

    // Refreshes do not overlap, because they are coalesced under one key.
    private async Task<IReadOnlyList<Lease>> RefreshAsync()
    {
        var leases = await _store.GetAllAsync(CancellationToken.None);
        var now = _time.GetTimestamp();
        var active = new List<Lease>();
        var observations = new Dictionary<Guid, Observation>();
        foreach (var lease in leases)
        {
            var observation = _observations.TryGetValue(lease.Id, out var earlier) && earlier.Renewals == lease.Renewals
                ? earlier
                : new Observation(lease.Renewals, now);
            if (_time.GetElapsedTime(observation.SeenAt, now) >= lease.Duration)
            {
                // A renewal that commits meanwhile extends nothing: its holder checks afterwards that the lease was
                // valid until then, which it was not.
                await _store.RemoveExpiredAsync(lease, CancellationToken.None);
                continue;
            }

            active.Add(lease);
            observations.Add(lease.Id, observation);
        }

        _observations = observations;
        return Latest = active;
    }

    private readonly record struct Observation(long Renewals, long SeenAt);
}
