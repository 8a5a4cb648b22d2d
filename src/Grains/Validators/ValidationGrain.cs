using KeysCluster.Grains.Projects;
using KeysCluster.Grains.SecretHolders;
using KeysCluster.Grains.Verification;
using KeysCluster.Grains.VirtualKeys;
using KeysCluster.Projects;
using KeysCluster.Validation;
using KeysCluster.Validation.Caching;
using KeysCluster.VirtualKeys;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Concurrency;

namespace KeysCluster.Grains.Validators;

[StatelessWorker, GrainType(GrainTypeNames.Validation)]
internal sealed class ValidationGrain(
    SecretVerifier<VirtualKeyState> keys,
    SecretVerifier<ProjectState> projects,
    ValidationMetrics metrics,
    [FromKeyedServices(TimeProviderNames.Grains)] TimeProvider time)
    : Grain, IValidationGrain
{
    public async ValueTask<VerdictWithAge> ValidateWithAge(VirtualKeyId key, Sha256Digest digest, ProjectId? project)
    {
        var match = await VerifyAsync(keys, key.ToString(), digest, project);
        metrics.CountVerdict(match.Verdict.Code);
        return new(match.Verdict, GetAge(match), match.Result.ValidUntil);
    }

    public async ValueTask<ApiKeyMatchWithAge?> AuthenticateWithAge(ProjectId project, Sha256Digest digest)
    {
        var match = await VerifyAsync(projects, project.ToString(), digest, project: null);
        if (match.Verdict.Code == VerdictCode.Unavailable) throw new ValidationUnavailableException();
        return match.Verdict.IsValid
            ? new(match.Secret!.Id, match.Verdict.ValidUntil, match.Entry!.Revision, GetAge(match))
            : null;
    }

    private static async ValueTask<SecretMatch> VerifyAsync<TState>(
        SecretVerifier<TState> verifier, string owner, Sha256Digest digest, ProjectId? project)
        where TState : SecretHolderState
    {
        var presented = new PresentedSecret(digest);
        return verifier.TryVerifyFromCache(owner, presented, project, out var match)
            ? match
            : await verifier.VerifyAsync(owner, presented, project);
    }

    private TimeSpan GetAge(in SecretMatch match) =>
        match.Entry is { } entry ? time.GetElapsedTime(entry.Timestamp) : TimeSpan.Zero;
}
