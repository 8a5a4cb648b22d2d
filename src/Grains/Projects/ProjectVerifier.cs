using KeysCluster.Grains.Caching;
using KeysCluster.Grains.Verification;
using KeysCluster.Validation;
using KeysCluster.Validation.Caching;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Projects;

/// <summary>Verifies presented secrets of API keys. A valid key of a disabled project is valid.</summary>
internal sealed class ProjectVerifier(
    StateCache<ProjectState> cache, StateReader<ProjectState> reader, SecretVerifier<ProjectState> verifier)
{
    /// <summary>Verifies from the cache; false when the cache does not prove a verdict.</summary>
    /// <param name="project">The id of the project that the secret names.</param>
    /// <param name="presented">The presented secret.</param>
    /// <param name="match">The result.</param>
    public bool TryVerifyFromCache(ReadOnlySpan<char> project, in PresentedSecret presented, out SecretMatch match)
    {
        match = default;
        if (cache.Find(project) is not { } entry) return false;
        match = verifier.Evaluate(entry, presented);
        return verifier.CanAnswerFromCache(match.Verdict, entry);
    }

    /// <summary>Verifies from the cache, or by a read that begins after the call.</summary>
    /// <exception cref="ValidationUnavailableException">
    /// Storage does not answer in time, the silo has no valid lease, or the secret may be one whose pepper is missing.
    /// </exception>
    public async ValueTask<SecretMatch> VerifyAsync(string project, PresentedSecret presented)
    {
        if (TryVerifyFromCache(project, presented, out var cached)) return cached;
        if (await reader.ReadAsync(project) is not { } entry) throw new ValidationUnavailableException();
        var match = verifier.Evaluate(entry, presented);
        return match.Verdict.Code == VerdictCode.Unavailable ? throw new ValidationUnavailableException() : match;
    }
}
