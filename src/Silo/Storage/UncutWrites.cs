using System.Diagnostics;
using Orleans.Storage;

namespace KeysCluster.Silo.Storage;

/// <summary>
/// Takes no write for done whose wait may have been cut short. A commit waits for a synchronous standby; a command that times
/// out is cancelled by the driver, which PostgreSQL answers, in that wait, with a warning and success: the change is made,
/// and a failover may lose it. So a write that takes as long as a command may has an unknown outcome.
/// Source: docs/adr/0003-storage.md.
/// </summary>
/// <param name="storage">Does the work.</param>
/// <param name="commandTimeout">After which the driver cancels; zero when it never does.</param>
internal sealed class UncutWrites(IGrainStorage storage, TimeSpan commandTimeout) : IGrainStorage
{
    /// <summary>A little less than the time-out, since timers are not exact.</summary>
    private readonly TimeSpan _longest = commandTimeout == TimeSpan.Zero ? TimeSpan.MaxValue : commandTimeout * 0.9;

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        storage.ReadStateAsync(stateName, grainId, grainState);

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        Timed(() => storage.WriteStateAsync(stateName, grainId, grainState));

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        Timed(() => storage.ClearStateAsync(stateName, grainId, grainState));

    private async Task Timed(Func<Task> write)
    {
        var begun = Stopwatch.GetTimestamp();
        await write();
        if (Stopwatch.GetElapsedTime(begun) >= _longest)
            throw new TimeoutException("The write took so long that a standby may not have it.");
    }
}
