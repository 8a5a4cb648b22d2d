using KeysCluster.Projects;
using KeysCluster.Secrets;
using KeysCluster.Validation;
using KeysCluster.VirtualKeys;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Concurrency;

namespace KeysCluster.Grains.Validation;

[StatelessWorker, GrainType(GrainTypes.Validation)]
internal sealed class ValidationGrain(
    VirtualKeyValidation validation,
    ProjectAuthentication authentication,
    [FromKeyedServices(TimeProviderNames.Grains)] TimeProvider time)
    : Grain, IValidationGrain
{
    public async ValueTask<Verdict> Validate(VirtualKeyId key, SecretDigest digest, ProjectId? project) =>
        (await Judge(key, new(digest), project)).Verdict;

    public async ValueTask<DatedVerdict> ValidateDated(VirtualKeyId key, SecretDigest digest, ProjectId? project)
    {
        var judgement = await Judge(key, new(digest), project);
        return new(judgement.Verdict, time.GetElapsedTime(judgement.ReadAt));
    }

    public async ValueTask<bool> Authenticate(ProjectId project, SecretDigest digest) => await Find(project, new(digest)) is not null;

    public async ValueTask<DatedApiKey?> AuthenticateDated(ProjectId project, SecretDigest digest) =>
        await Find(project, new(digest)) is { Secret: { } secret } found
            ? new(secret.Id, secret.Secret.ValidUntil, found.Revision, time.GetElapsedTime(found.ReadAt))
            : null;

    private async ValueTask<Judgement> Judge(VirtualKeyId key, PresentedSecret presented, ProjectId? project) =>
        validation.TryProve(key.ToString(), presented, project, out var proven)
            ? proven
            : await validation.Read(key.ToString(), presented, project);

    private async ValueTask<ProvenApiKey?> Find(ProjectId project, PresentedSecret presented) =>
        authentication.Prove(project.ToString(), presented) ?? await authentication.Read(project.ToString(), presented);
}
