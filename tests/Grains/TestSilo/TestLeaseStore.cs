using KeysCluster.Grains.Leases;
using KeysCluster.Leases;

namespace KeysCluster.Grains.Tests.TestSilo;

/// <summary>
/// An in-memory lease store and event log with the rules of the database. A test can make it fail, delay its responses,
/// and leave transactions uncommitted.
/// </summary>
internal sealed class TestLeaseStore(TimeProvider clock) : ILeaseStore
{
    private readonly Dictionary<Guid, Lease> _leases = [];
    private readonly List<LogEvent> _events = [];
    private readonly SortedSet<ulong> _inProgress = [];
    private readonly Lock _lock = new();
    private ulong _nextTransaction = 1;
    private int _logReadCount;
    private int _renewalCount;

    public IReadOnlyCollection<Guid> LeaseIds
    {
        get
        {
            lock (_lock) return [.. _leases.Keys];
        }
    }

    /// <summary>The number of leases from which no other is granted.</summary>
    public int MaxLeases { get; set; } = int.MaxValue;

    /// <summary>When set, every operation fails.</summary>
    public Exception? Failure { get; set; }

    /// <summary>When set, renewals fail, and reads do not: as when no standby confirms a commit.</summary>
    public Exception? RenewalFailure { get; set; }

    /// <summary>When set, renewals wait for it before they take effect.</summary>
    public Task? RenewalBlock { get; set; }

    /// <summary>The number of reads of the event log.</summary>
    public int LogReadCount => Volatile.Read(ref _logReadCount);

    /// <summary>The number of statements that renewed leases, however many.</summary>
    public int RenewalCount => Volatile.Read(ref _renewalCount);

    /// <summary>Runs after an operation has taken effect and before its caller gets the response.</summary>
    public Action? BeforeResponse { get; set; }

    /// <summary>The timeline of the server.</summary>
    public string Timeline { get; set; } = "00000001";

    /// <summary>How far the clock of the database is ahead of that of the test.</summary>
    public TimeSpan ClockOffset { get; set; }

    public LogPosition Position
    {
        get
        {
            lock (_lock)
            {
                var xmin = _inProgress.Count > 0 ? _inProgress.Min : _nextTransaction;
                return new LogPosition(Timeline, $"{xmin}:{_nextTransaction}:{string.Join(',', _inProgress)}");
            }
        }
    }

    /// <summary>Begins a transaction that writes an event, which is visible after <see cref="Commit"/>.</summary>
    public LogEvent Begin(GrainId owner, long revision)
    {
        lock (_lock)
        {
            _inProgress.Add(_nextTransaction);
            return new LogEvent(owner, revision, _nextTransaction++);
        }
    }

    public void Commit(LogEvent change)
    {
        lock (_lock)
        {
            _inProgress.Remove(change.Transaction);
            _events.Add(change);
        }
    }

    /// <summary>Commits an event.</summary>
    public void Append(GrainId owner, long revision) => Commit(Begin(owner, revision));

    public Task<LogRead> ReadLogAsync(LogPosition? after, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _logReadCount);
        return ExecuteAsync(() => new LogRead(
            Position,
            [.. _events.Where(change => after?.Contains(change.Transaction) == false)],
            clock.GetUtcNow() + ClockOffset));
    }

    public Task<LogPosition?> AcquireAsync(
        Guid id, LeaseHolder holder, TimeSpan duration, CancellationToken cancellationToken) =>
        ExecuteAsync(() =>
        {
            if (_leases.Count >= MaxLeases) return (LogPosition?)null;
            if (!_leases.TryGetValue(id, out var lease))
                _leases.Add(id, lease = new Lease(id, holder, duration, Renewals: 0, Position));
            return lease.Holder == holder ? lease.Applied : null;
        });

    public async Task<IReadOnlySet<Guid>> RenewAsync(
        IReadOnlyDictionary<Guid, LogPosition> renewals, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _renewalCount);
        if (RenewalBlock is { } block) await block;
        if (RenewalFailure is { } failure) throw failure;
        return await ExecuteAsync(() =>
        {
            var renewed = new HashSet<Guid>();
            foreach (var (id, applied) in renewals)
            {
                if (!_leases.TryGetValue(id, out var lease) || lease.Applied.Timeline != Timeline) continue;
                _leases[id] = lease with
                {
                    Renewals = lease.Renewals + 1,
                    Applied = applied.Covers(lease.Applied) ? applied : lease.Applied,
                };
                renewed.Add(id);
            }

            return (IReadOnlySet<Guid>)renewed;
        });
    }

    public Task StopRenewalAsync(Guid id, CancellationToken cancellationToken) => ExecuteAsync(() =>
    {
        if (_leases.TryGetValue(id, out var lease))
            _leases[id] = lease with { Applied = lease.Applied with { Timeline = "" } };
        return true;
    });

    public Task ReleaseAsync(Guid id, CancellationToken cancellationToken) => ExecuteAsync(() => _leases.Remove(id));

    public Task<IReadOnlyList<Lease>> GetAllAsync(CancellationToken cancellationToken) =>
        ExecuteAsync(() => (IReadOnlyList<Lease>)
        [
            .. _leases.Values.Select(lease => lease with { IsOnCurrentTimeline = lease.Applied.Timeline == Timeline }),
        ]);

    public Task RemoveExpiredAsync(Lease lease, CancellationToken cancellationToken) => ExecuteAsync(() =>
        _leases.TryGetValue(lease.Id, out var stored) && stored.Renewals == lease.Renewals && _leases.Remove(lease.Id));

    public Task<LogTransaction?> GetLastTransactionAsync(GrainId owner, CancellationToken cancellationToken) =>
        ExecuteAsync(() => _events.Exists(change => change.Owner == owner)
            ? new LogTransaction(Timeline, _events.FindLast(change => change.Owner == owner).Transaction)
            : null);

    private Task<T> ExecuteAsync<T>(Func<T> operation)
    {
        if (Failure is not null) return Task.FromException<T>(Failure);
        T result;
        lock (_lock) result = operation();
        BeforeResponse?.Invoke();
        return Task.FromResult(result);
    }
}
