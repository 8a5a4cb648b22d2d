using KeysCluster.Grains.Leases;

namespace KeysCluster.Grains.Tests.Leases;

/// <summary>The rules of the table in memory, by a clock that the test moves; fails and delays when a test says so.</summary>
internal sealed class TestLeaseTable(TimeProvider clock) : ILeaseTable
{
    private readonly Dictionary<Guid, Row> _rows = [];

    public IReadOnlyCollection<Guid> Ids => _rows.Keys;

    public Exception? Failure { get; set; }

    /// <summary>Runs after the table has answered and before the caller hears of it.</summary>
    public Action? BeforeAnswer { get; set; }

    public Task Acquire(Guid id, LeaseHolder holder, TimeSpan length, CancellationToken cancellationToken) =>
        Answer(() => _rows.Add(id, new Row(holder, length, Now + length, false)));

    public async Task<bool> Renew(Guid id, TimeSpan length, CancellationToken cancellationToken)
    {
        var isRenewed = false;
        await Answer(() =>
        {
            if (!_rows.TryGetValue(id, out var row) || row.IsBroken || row.ExpiresAt <= Now) return;
            _rows[id] = row with { ExpiresAt = Now + length };
            isRenewed = true;
        });
        return isRenewed;
    }

    public Task Release(Guid id, CancellationToken cancellationToken) => Answer(() => _rows.Remove(id));

    public async Task<IReadOnlyList<LiveLease>> Live(CancellationToken cancellationToken)
    {
        var live = new List<LiveLease>();
        await Answer(() => live.AddRange(_rows.Where(row => row.Value.ExpiresAt > Now)
            .Select(row => new LiveLease(row.Key, row.Value.Holder, row.Value.ExpiresAt - Now))));
        return live;
    }

    public Task Break(IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken) => Answer(() =>
    {
        foreach (var id in ids.Where(_rows.ContainsKey)) _rows[id] = _rows[id] with { IsBroken = true };
    });

    public bool IsBroken(Guid id) => _rows[id].IsBroken;

    private DateTimeOffset Now => clock.GetUtcNow();

    private Task Answer(Action operation)
    {
        if (Failure is not null) return Task.FromException(Failure);
        operation();
        BeforeAnswer?.Invoke();
        return Task.CompletedTask;
    }

    private sealed record Row(LeaseHolder Holder, TimeSpan Length, DateTimeOffset ExpiresAt, bool IsBroken);
}
