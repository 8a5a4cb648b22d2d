using KeysCluster.Grains.Leases;
using KeysCluster.Leases;

namespace KeysCluster.Benchmarks.Hosting;

/// <summary>
/// A store without leases, so that no change waits for another holder. A validation still checks the lease of its own
/// process, as in a cluster.
/// </summary>
internal sealed class EmptyLeaseStore : ILeaseStore
{
    private static readonly LogPosition Position = new("00000001", "3:3:");

    public Task<LogRead> ReadLogAsync(LogPosition? after, CancellationToken cancellationToken) =>
        Task.FromResult(new LogRead(Position, [], TimeProvider.System.GetUtcNow()));

    public Task<LogPosition?> AcquireAsync(
        Guid id, LeaseHolder holder, TimeSpan duration, CancellationToken cancellationToken) =>
        Task.FromResult<LogPosition?>(Position);

    public Task<IReadOnlySet<Guid>> RenewAsync(
        IReadOnlyDictionary<Guid, LogPosition> renewals, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlySet<Guid>>(renewals.Keys.ToHashSet());

    public Task StopRenewalAsync(Guid id, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task ReleaseAsync(Guid id, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<IReadOnlyList<Lease>> GetAllAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Lease>>([]);

    public Task RemoveExpiredAsync(Lease lease, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<LogTransaction?> GetLastTransactionAsync(GrainId owner, CancellationToken cancellationToken) =>
        Task.FromResult<LogTransaction?>(null);
}
