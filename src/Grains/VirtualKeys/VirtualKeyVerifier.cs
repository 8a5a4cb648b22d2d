using KeysCluster.Grains.Verification;
using KeysCluster.Projects;
using KeysCluster.Validation.Caching;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.VirtualKeys;

/// <summary>
/// Verifies presented secrets of virtual keys. A valid key is refused while its project is not active.
/// </summary>
internal sealed class VirtualKeyVerifier(SecretVerifier<VirtualKeyState> keys, ProjectStatusReader projects)
{
    /// <summary>Verifies from the cache; false when the cache does not prove a verdict.</summary>
    /// <param name="key">The id of the virtual key that the secret names.</param>
    /// <param name="presented">The presented secret.</param>
    /// <param name="project">When set, a key of any other project is not found.</param>
    /// <param name="match">The result.</param>
    public bool TryVerifyFromCache(
        ReadOnlySpan<char> key, in PresentedSecret presented, ProjectId? project, out SecretMatch match)
    {
        if (!keys.TryVerifyFromCache(key, presented, project, out match)) return false;
        if (!match.Verdict.IsValid) return true;
        match = match with
        {
            ProjectRevision = projects.FindActiveRevision(match.Entry!, match.Verdict.Key!.ProjectId),
        };
        return match.ProjectRevision is not null;
    }

    /// <summary>
    /// Verifies by reads that begin after the call. The verdict is <see cref="Verdict.Unavailable"/> when storage does
    /// not answer in time, or when the silo has no valid lease.
    /// </summary>
    public async ValueTask<SecretMatch> VerifyAsync(string key, PresentedSecret presented, ProjectId? project)
    {
        var match = await keys.VerifyAsync(key, presented, project);
        if (!match.Verdict.IsValid) return match;
        var owner = match.Verdict.Key!.ProjectId;
        if (projects.FindActiveRevision(match.Entry!, owner) is { } revision)
            return match with { ProjectRevision = revision };
        if (await projects.ReadAsync(match.Entry!, owner) is not { } status) return new(CachedVerdict.Unavailable);
        return status.IsActive
            ? match with { ProjectRevision = status.Revision }
            : new(match.Result with { Verdict = match.Verdict with { Code = VerdictCode.ProjectDisabled } });
    }
}
