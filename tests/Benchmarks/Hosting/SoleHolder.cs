using KeysCluster.Grains.Leases;

namespace KeysCluster.Benchmarks.Hosting;

/// <summary>
/// The leases of a silo and its clients, which are never told of a change: a validation pays for the look at its lease as
/// in a cluster.
/// </summary>
internal sealed class SoleHolder : ILeaseTable
{
    public Task Acquire(Guid id, LeaseHolder holder, TimeSpan length, CancellationToken cancellationToken) =>
        Task.CompletedTask;

    public Task<bool> Renew(Guid id, TimeSpan length, CancellationToken cancellationToken) => Task.FromResult(true);

    public Task Release(Guid id, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<IReadOnlyList<LiveLease>> Live(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<LiveLease>>([]);

    public Task Break(IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken) => Task.CompletedTask;
}
