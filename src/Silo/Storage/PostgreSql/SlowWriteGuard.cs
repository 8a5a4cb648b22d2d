using System.Diagnostics;
using Orleans.Storage;

namespace KeysCluster.Silo.Storage.PostgreSql;

/// <summary>
/// Fails a write that took as long as its command timeout. A commit waits for the synchronous standby. When the command
/// times out in that wait, the driver cancels it, and PostgreSQL responds with a warning and success: the write is
/// committed, but a failover can lose it. The outcome of such a write is therefore unknown.
/// Source: docs/adr/0003-storage.md.
/// </summary>
/// <param name="storage">The guarded storage.</param>
/// <param name="commandTimeout">When the driver cancels a command; zero if it never does.</param>
internal sealed class SlowWriteGuard(IGrainStorage storage, TimeSpan commandTimeout) : IGrainStorage
{
    // Less than the timeout, because timers are not exact.
    private readonly TimeSpan _maxDuration =
        commandTimeout == TimeSpan.Zero ? TimeSpan.MaxValue : commandTimeout * 0.9;

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        storage.ReadStateAsync(stateName, grainId, grainState);

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var startedAt = Stopwatch.GetTimestamp();
        await storage.WriteStateAsync(stateName, grainId, grainState);
        ThrowIfSlow(startedAt);
    }

    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var startedAt = Stopwatch.GetTimestamp();
        await storage.ClearStateAsync(stateName, grainId, grainState);
        ThrowIfSlow(startedAt);
    }

    private void ThrowIfSlow(long startedAt)
    {
        if (Stopwatch.GetElapsedTime(startedAt) >= _maxDuration)
            throw new TimeoutException("The write took so long that a synchronous standby may not have it.");
    }
}
