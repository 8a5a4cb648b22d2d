using KeysCluster.Leases;
using Orleans.Concurrency;

namespace KeysCluster.Grains.Leases;

[StatelessWorker, GrainType("client-lease")]
internal sealed class ClientLeaseGrain(LeaseOptions options, ILeaseTable? table = null) : Grain, IClientLeaseGrain
{
    public async Task<TimeSpan> Acquire(Guid id, IInvalidationObserver client)
    {
        if (table is null) return TimeSpan.Zero;
        await table.Acquire(id, LeaseHolder.Of(client.GetGrainId()), options.Length, CancellationToken.None);
        return options.Length;
    }

    public Task<bool> Renew(Guid id) =>
        table?.Renew(id, options.Length, CancellationToken.None) ?? Task.FromResult(false);

    public Task Release(Guid id) => table?.Release(id, CancellationToken.None) ?? Task.CompletedTask;
}
