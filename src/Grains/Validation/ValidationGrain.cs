using KeysCluster.Projects;
using KeysCluster.Secrets;
using KeysCluster.VirtualKeys;
using Orleans.Concurrency;

namespace KeysCluster.Grains.Validation;

[StatelessWorker, GrainType("validation")]
internal sealed class ValidationGrain(VirtualKeyValidation validation, ProjectAuthentication authentication)
    : Grain, IValidationGrain
{
    public ValueTask<Verdict> Validate(VirtualKeyId key, SecretDigest digest, ProjectId? project) =>
        validation.Validate(GrainId.Create(GrainTypes.VirtualKey, key.ToString()), digest, project);

    public async ValueTask<bool> Authenticate(ProjectId project, SecretDigest digest) =>
        await authentication.Authenticate(GrainId.Create(GrainTypes.Project, project.ToString()), digest) is not null;
}
