using KeysCluster.Grains.Projects;
using KeysCluster.Grains.SecretHolders;
using KeysCluster.Grains.Verification;
using KeysCluster.Grains.VirtualKeys;
using KeysCluster.Projects;
using KeysCluster.Validation;
using KeysCluster.Validation.Caching;
using KeysCluster.Validation.Leases;
using KeysCluster.VirtualKeys;
using Orleans.Concurrency;

namespace KeysCluster.Grains.Validators;

[StatelessWorker, GrainType(GrainTypeNames.Validation)]
internal sealed class ValidationGrain(
    SecretVerifier<VirtualKeyState> keys,
    SecretVerifier<ProjectState> projects,
    ILease lease)
    : Grain, IValidationGrain
{
    // The position is taken before the silo looks into its cache: the answer is at least as new.
    public async ValueTask<ValidationAnswer> Validate(VirtualKeyId key, Sha256Digest digest, ProjectId? project)
    {
        var position = lease.Position;
        var match = await VerifyAsync(keys, key.ToString(), digest, project);
        return new(match.Verdict, position, match.Result.ValidUntil);
    }

    public async ValueTask<ApiKeyAnswer?> Authenticate(ProjectId project, Sha256Digest digest)
    {
        var position = lease.Position;
        var match = await VerifyAsync(projects, project.ToString(), digest, project: null);
        if (match.Verdict.Code == VerdictCode.Unavailable) throw new ValidationUnavailableException();
        return match.Verdict.IsValid
            ? new(match.Secret!.Id, match.Verdict.ValidUntil, match.Entry!.Revision, position)
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
}
