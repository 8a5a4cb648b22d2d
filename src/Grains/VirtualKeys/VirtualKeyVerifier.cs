using System.Net;
using KeysCluster.Grains.Caching;
using KeysCluster.Grains.Projects;
using KeysCluster.Grains.Verification;
using KeysCluster.Projects;
using KeysCluster.Validation.Caching;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.VirtualKeys;

/// <summary>
/// Verifies presented secrets of virtual keys. A valid key is refused while its project is not active. The cache entry
/// of a key refers to the lifetime of its project's entry, so that a cached validation costs one read of a field.
/// </summary>
internal sealed class VirtualKeyVerifier(
    StateCache<VirtualKeyState> keys,
    StateReader<VirtualKeyState> keyReader,
    SecretVerifier<VirtualKeyState> verifier,
    StateCache<ProjectState> projects,
    StateReader<ProjectState> projectReader)
{
    /// <summary>
    /// Verifies from the cache; false when the cache does not prove a verdict. It does not prove that a valid key may
    /// not be used: adding a permission or an address, or enabling the project, does not wait for this cache.
    /// </summary>
    /// <param name="key">The id of the virtual key that the secret names.</param>
    /// <param name="presented">The presented secret.</param>
    /// <param name="project">When set, a key of any other project is not found.</param>
    /// <param name="permissions">The permissions that the use requires; null or empty for none.</param>
    /// <param name="address">The address of the client; null if unknown.</param>
    /// <param name="match">The result. A valid key fulfils what the use requires.</param>
    public bool TryVerifyFromCache(
        ReadOnlySpan<char> key,
        in PresentedSecret presented,
        ProjectId? project,
        IReadOnlyList<string>? permissions,
        IPAddress? address,
        out SecretMatch match)
    {
        match = default;
        if (keys.Find(key) is not { } entry) return false;
        match = verifier.Evaluate(entry, presented, project);
        if (!verifier.CanAnswerFromCache(match.Verdict, entry)) return false;
        if (!match.Verdict.IsValid) return true;
        if (!match.Verdict.Require(permissions, address).IsValid) return false;
        match = match with { ProjectRevision = FindActiveRevision(entry, match.Verdict.Key!.ProjectId) };
        return match.ProjectRevision is not null;
    }

    /// <summary>
    /// Verifies by reads that begin after the call. The verdict is <see cref="Verdict.Unavailable"/> when storage does
    /// not answer in time, when the silo has no valid lease, or when the secret may be one whose pepper is missing.
    /// </summary>
    public async ValueTask<SecretMatch> VerifyFromStorageAsync(
        string key, PresentedSecret presented, ProjectId? project)
    {
        if (await keyReader.ReadAsync(key) is not { } entry) return new(CachedVerdict.Unavailable);
        var match = verifier.Evaluate(entry, presented, project);
        if (!match.Verdict.IsValid) return match;
        var owner = match.Verdict.Key!.ProjectId;
        if (FindActiveRevision(entry, owner) is { } revision) return match with { ProjectRevision = revision };
        if (await projectReader.ReadAsync(owner.ToString(), cachesMissing: true) is not { } read)
            return new(CachedVerdict.Unavailable);
        if (!IsActive(read))
            return new(match.Result with { Verdict = match.Verdict with { Code = VerdictCode.ProjectDisabled } });
        if (read.Lifetime is { } lifetime) entry.Project = lifetime;
        return match with { ProjectRevision = read.Revision };
    }

    /// <summary>
    /// Returns the revision of the project as of which the cache proves that it is active; null if it does not.
    /// </summary>
    private long? FindActiveRevision(CacheEntry key, ProjectId project)
    {
        if (key.Project is not { HasEnded: false } lifetime)
        {
            if (projects.Find(project.ToString()) is not { } entry || !IsActive(entry)) return null;
            key.Project = lifetime = entry.Lifetime!;
        }

        return lifetime.HasEnded ? null : lifetime.Revision;
    }

    /// <summary>A service that calls grains directly may use keys of a project that does not exist.</summary>
    private static bool IsActive(StateCacheEntry<ProjectState> project) =>
        project.State is null or { Status: ProjectStatus.Active };
}
