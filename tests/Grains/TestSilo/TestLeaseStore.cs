using KeysCluster.Grains.Leases;

namespace KeysCluster.Grains.Tests.TestSilo;

/// <summary>
/// An in-memory lease store with the rules of the database. A test can make it fail, or delay its responses.
/// </summary>
internal sealed class TestLeaseStore(TimeProvider clock) : ILeaseStore
{
    private readonly Dictionary<Guid, Row> _rows = [];
    private readonly Lock _lock = new();

    public IReadOnlyCollection<Guid> LeaseIds
    {
        get
        {
            lock (_lock) return [.. _rows.Keys];
        }
    }

    /// <summary>When set, every operation fails.</summary>
    public Exception? Failure { get; set; }

    /// <summary>Runs after an operation has taken effect and before its caller gets the response.</summary>
    public Action? BeforeResponse { get; set; }

    public Task AcquireAsync(Guid id, LeaseHolder holder, TimeSpan duration, CancellationToken cancellationToken) =>
        ExecuteAsync(() => _rows.Add(id, new Row(holder, Now + duration, IsRenewalPrevented: false)));

    public async Task<bool> RenewAsync(Guid id, TimeSpan duration, CancellationToken cancellationToken)
    {
        var isRenewed = false;
        await ExecuteAsync(() =>
        {
            if (!_rows.TryGetValue(id, out var row) || row.IsRenewalPrevented || row.ExpiresAt <= Now) return;
            _rows[id] = row with { ExpiresAt = Now + duration };
            isRenewed = true;
        });
        return isRenewed;
    }

    public Task ReleaseAsync(Guid id, CancellationToken cancellationToken) => ExecuteAsync(() => _rows.Remove(id));

    public async Task<IReadOnlyList<ActiveLease>> GetActiveAsync(CancellationToken cancellationToken)
    {
        var active = new List<ActiveLease>();
        await ExecuteAsync(() => active.AddRange(_rows.Where(row => row.Value.ExpiresAt > Now)
            .Select(row => new ActiveLease(row.Key, row.Value.Holder, row.Value.ExpiresAt - Now))));
        return active;
    }

    public Task PreventRenewalAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken) =>
        ExecuteAsync(() =>
        {
            foreach (var id in ids.Where(_rows.ContainsKey)) _rows[id] = _rows[id] with { IsRenewalPrevented = true };
        });

    public bool IsRenewalPrevented(Guid id)
    {
        lock (_lock) return _rows[id].IsRenewalPrevented;
    }

    private DateTimeOffset Now => clock.GetUtcNow();

    private Task ExecuteAsync(Action operation)
    {
        if (Failure is not null) return Task.FromException(Failure);
        lock (_lock) operation();
        BeforeResponse?.Invoke();
        return Task.CompletedTask;
    }

    private sealed record Row(LeaseHolder Holder, DateTimeOffset ExpiresAt, bool IsRenewalPrevented);
}
