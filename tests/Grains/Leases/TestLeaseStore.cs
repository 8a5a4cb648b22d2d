using KeysCluster.Grains.Leases;

namespace KeysCluster.Grains.Tests.Leases;

/// <summary>The rules of the table in memory, by a clock that the test moves; fails and delays when a test says so.</summary>
internal sealed class TestLeaseStore(TimeProvider clock) : ILeaseStore
{
    private readonly Dictionary<Guid, Row> _rows = [];

    public IReadOnlyCollection<Guid> LeaseIds => _rows.Keys;

    public Exception? Failure { get; set; }

    /// <summary>Runs after the table has answered and before the caller hears of it.</summary>
    public Action? BeforeResponse { get; set; }

    public Task AcquireAsync(Guid id, LeaseHolder holder, TimeSpan length, CancellationToken cancellationToken) =>
        ExecuteAsync(() => _rows.Add(id, new Row(holder, length, Now + length, false)));

    public async Task<bool> RenewAsync(Guid id, TimeSpan length, CancellationToken cancellationToken)
    {
        var isRenewed = false;
        await ExecuteAsync(() =>
        {
            if (!_rows.TryGetValue(id, out var row) || row.IsRenewalPrevented || row.ExpiresAt <= Now) return;
            _rows[id] = row with { ExpiresAt = Now + length };
            isRenewed = true;
        });
        return isRenewed;
    }

    public Task ReleaseAsync(Guid id, CancellationToken cancellationToken) => ExecuteAsync(() => _rows.Remove(id));

    public async Task<IReadOnlyList<ActiveLease>> GetActiveAsync(CancellationToken cancellationToken)
    {
        var live = new List<ActiveLease>();
        await ExecuteAsync(() => live.AddRange(_rows.Where(row => row.Value.ExpiresAt > Now)
            .Select(row => new ActiveLease(row.Key, row.Value.Holder, row.Value.ExpiresAt - Now))));
        return live;
    }

    public Task PreventRenewalAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken) => ExecuteAsync(() =>
    {
        foreach (var id in ids.Where(_rows.ContainsKey)) _rows[id] = _rows[id] with { IsRenewalPrevented = true };
    });

    public bool IsRenewalPrevented(Guid id) => _rows[id].IsRenewalPrevented;

    private DateTimeOffset Now => clock.GetUtcNow();

    private Task ExecuteAsync(Action operation)
    {
        if (Failure is not null) return Task.FromException(Failure);
        operation();
        BeforeResponse?.Invoke();
        return Task.CompletedTask;
    }

    private sealed record Row(LeaseHolder Holder, TimeSpan Duration, DateTimeOffset ExpiresAt, bool IsRenewalPrevented);
}
