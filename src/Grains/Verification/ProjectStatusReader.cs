using KeysCluster.Grains.Caching;
using KeysCluster.Grains.Projects;
using KeysCluster.Projects;
using KeysCluster.Validation.Caching;

namespace KeysCluster.Grains.Verification;

/// <summary>
/// Determines whether the project of a virtual key is active. The cache entry of the key then refers to the lifetime of
/// the project's entry, so the next validation costs one read of a field.
/// </summary>
internal sealed class ProjectStatusReader(StateCache<ProjectState> cache, StateReader<ProjectState> reader)
{
    /// <summary>
    /// Returns the revision of the project as of which the cache proves that it is active; null if it does not. The
    /// cache never proves that it is not: enabling a project does not wait for this cache.
    /// </summary>
    public long? FindActiveRevision(CacheEntry key, ProjectId project)
    {
        if (key.Project is not { HasEnded: false } lifetime)
        {
            if (cache.Find(project.ToString()) is not { } entry || !IsActive(entry)) return null;
            key.Project = lifetime = entry.Lifetime!;
        }

        return lifetime.HasEnded ? null : lifetime.Revision;
    }

    /// <summary>
    /// Reads the project by a read that begins after the call. Returns null when storage does not answer in time, or
    /// when the silo has no valid lease.
    /// </summary>
    public async ValueTask<(bool IsActive, long Revision)?> ReadAsync(CacheEntry key, ProjectId project)
    {
        if (await reader.ReadAsync(project.ToString(), cachesMissing: true) is not { } entry || !cache.IsUsable(entry))
            return null;

        var isActive = IsActive(entry);
        if (isActive && entry.Lifetime is { } lifetime) key.Project = lifetime;
        return (isActive, entry.Revision);
    }

    /// <summary>A service that calls grains directly may use keys of a project that does not exist.</summary>
    private static bool IsActive(StateCacheEntry<ProjectState> entry) =>
        entry.State is null or { Status: ProjectStatus.Active };
}
