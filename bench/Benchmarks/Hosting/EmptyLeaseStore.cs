using KeysCluster.Grains.Leases;

namespace KeysCluster.Benchmarks.Hosting;

/// <summary>
/// The leases of a silo and its clients, which are never told of a change: a validation pays for the look at its lease as
/// in a cluster.
/// </summary>
internal sealed class EmptyLeaseStore : ILeaseStore
{
    public Task AcquireAsync(Guid id, LeaseHolder holder, TimeSpan length, CancellationToken cancellationToken) =>
        Task.CompletedTask;

    public Task<bool> RenewAsync(Guid id, TimeSpan length, CancellationToken cancellationToken) => Task.FromResult(true);

    public Task ReleaseAsync(Guid id, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<IReadOnlyList<ActiveLease>> GetActiveAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<ActiveLease>>([]);

    public Task PreventRenewalAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken) => Task.CompletedTask;
}
