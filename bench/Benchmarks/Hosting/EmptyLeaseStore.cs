using KeysCluster.Grains.Leases;

namespace KeysCluster.Benchmarks.Hosting;

/// <summary>
/// A store without leases, so that no change waits for another holder. A validation still checks the lease of its own
/// process, as in a cluster.
/// </summary>
internal sealed class EmptyLeaseStore : ILeaseStore
{
    public Task AcquireAsync(Guid id, LeaseHolder holder, TimeSpan duration, CancellationToken cancellationToken) =>
        Task.CompletedTask;

    public Task<bool> RenewAsync(Guid id, TimeSpan duration, CancellationToken cancellationToken) =>
        Task.FromResult(true);

    public Task ReleaseAsync(Guid id, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<IReadOnlyList<ActiveLease>> GetActiveAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<ActiveLease>>([]);

    public Task PreventRenewalAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken) =>
        Task.CompletedTask;
}
