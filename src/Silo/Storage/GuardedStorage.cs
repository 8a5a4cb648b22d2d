using Orleans.Storage;

namespace KeysCluster.Silo.Storage;

/// <summary>Grain storage whose writes pass a guard.</summary>
internal sealed class GuardedStorage(IGrainStorage storage, IWriteGuard guard) : IGrainStorage
{
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        storage.ReadStateAsync(stateName, grainId, grainState);

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        guard.ExecuteAsync(() => storage.WriteStateAsync(stateName, grainId, grainState));

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        guard.ExecuteAsync(() => storage.ClearStateAsync(stateName, grainId, grainState));
}
