using KeysCluster.Leases;
using KeysCluster.Storage;
using Orleans.Concurrency;

namespace KeysCluster.Grains.Leases;

[StatelessWorker, GrainType("client-lease")]
internal sealed class ClientLeaseGrain(ClientLeases? leases = null) : Grain, IClientLeaseGrain
{
    public async Task<ClientLeaseGrant?> Acquire(Guid id, IInvalidationObserver client)
    {
        if (leases is null) return null;

        // Changes call the observer. An id that cannot be read back would fail all of them.
        if (!LeaseHolder.TryCreateForClient(client.GetGrainId(), out var holder))
            throw new ArgumentException("The holder of a lease must be an observer of a client.", nameof(client));
        return await ExecuteAsync(() => leases.AcquireAsync(id, holder));
    }

    public async Task<ClientLeaseGrant?> Renew(Guid id, LogPosition applied) =>
        leases is null ? null : await ExecuteAsync(() => leases.RenewAsync(id, applied));

    public async Task Release(Guid id)
    {
        if (leases is null) return;
        await ExecuteAsync(async () =>
        {
            await leases.ReleaseAsync(id);
            return true;
        });
    }

    /// <summary>Replaces the exceptions of the database driver, which clients do not reference.</summary>
    private static async Task<T> ExecuteAsync<T>(Func<Task<T>> operation)
    {
        try
        {
            return await operation();
        }
        catch (Exception)
        {
            throw new StorageUnavailableException();
        }
    }
}
