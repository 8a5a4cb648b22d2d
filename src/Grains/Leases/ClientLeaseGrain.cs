using KeysCluster.Leases;
using KeysCluster.Storage;
using Orleans.Concurrency;

namespace KeysCluster.Grains.Leases;

[StatelessWorker, GrainType("client-lease")]
internal sealed class ClientLeaseGrain(LeaseOptions options, ILeaseStore? store = null) : Grain, IClientLeaseGrain
{
    public async Task<TimeSpan> Acquire(Guid id, IInvalidationObserver client)
    {
        if (store is null) return TimeSpan.Zero;
        var holder = LeaseHolder.ForClient(client.GetGrainId());
        await ExecuteAsync(() => store.AcquireAsync(id, holder, options.Duration, CancellationToken.None));
        return options.Duration;
    }

    public async Task<bool> Renew(Guid id)
    {
        if (store is null) return false;
        var isRenewed = false;
        await ExecuteAsync(async () =>
            isRenewed = await store.RenewAsync(id, options.Duration, CancellationToken.None));
        return isRenewed;
    }

    public Task Release(Guid id) => store is null
        ? Task.CompletedTask
        : ExecuteAsync(() => store.ReleaseAsync(id, CancellationToken.None));

    /// <summary>Replaces the exceptions of the database driver, which clients do not reference.</summary>
    private static async Task ExecuteAsync(Func<Task> operation)
    {
        try
        {
            await operation();
        }
        catch (Exception)
        {
            throw new StorageUnavailableException();
        }
    }
}
