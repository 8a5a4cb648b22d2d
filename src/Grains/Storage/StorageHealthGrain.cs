using System.Data.Common;
using KeysCluster.Storage;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;

namespace KeysCluster.Grains.Storage;

[StatelessWorker, GrainType("storage-health")]
internal sealed class StorageHealthGrain(DbDataSource storage, ILogger<StorageHealthGrain> logger)
    : Grain, IStorageHealthGrain
{
    public Task Probe() => StorageGuard.ExecuteAsync(logger, "health probe", async () =>
    {
        await using var command = storage.CreateCommand("SELECT 1");
        return await command.ExecuteScalarAsync();
    });
}
