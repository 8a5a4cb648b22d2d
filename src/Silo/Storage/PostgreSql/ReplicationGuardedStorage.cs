using System.Diagnostics;
using Orleans.Storage;

namespace KeysCluster.Silo.Storage.PostgreSql;

/// <summary>Grain storage whose writes succeed only if a synchronous standby has them.</summary>
internal sealed class ReplicationGuardedStorage(IGrainStorage storage, ReplicationGuard guard) : IGrainStorage
{
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        storage.ReadStateAsync(stateName, grainId, grainState);

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var startedAt = Stopwatch.GetTimestamp();
        await StateConstraints.ExecuteAsync(() => storage.WriteStateAsync(stateName, grainId, grainState));
        guard.ThrowIfUnconfirmed(startedAt);
    }

    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var startedAt = Stopwatch.GetTimestamp();
        await storage.ClearStateAsync(stateName, grainId, grainState);
        guard.ThrowIfUnconfirmed(startedAt);
    }
}
