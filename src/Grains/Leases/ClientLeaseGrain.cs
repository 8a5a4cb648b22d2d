using KeysCluster.Leases;
using KeysCluster.Storage;
using Orleans.Concurrency;

namespace KeysCluster.Grains.Leases;

[StatelessWorker, GrainType("client-lease")]
internal sealed class ClientLeaseGrain(LeaseOptions options, ILeaseTable? table = null) : Grain, IClientLeaseGrain
{
    public async Task<TimeSpan> Acquire(Guid id, IInvalidationObserver client)
    {
        if (table is null) return TimeSpan.Zero;
        var holder = LeaseHolder.Of(client.GetGrainId());
        await Run(() => table.Acquire(id, holder, options.Length, CancellationToken.None));
        return options.Length;
    }

    public async Task<bool> Renew(Guid id)
    {
        var isRenewed = false;
        if (table is not null) await Run(async () => isRenewed = await table.Renew(id, options.Length, CancellationToken.None));
        return isRenewed;
    }

    public Task Release(Guid id) => table is null ? Task.CompletedTask : Run(() => table.Release(id, CancellationToken.None));

    /// <summary>The client does not know the exceptions of a database.</summary>
    private static async Task Run(Func<Task> operation)
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
