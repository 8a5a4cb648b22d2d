using KeysCluster.Projects;
using KeysCluster.Secrets;
using KeysCluster.VirtualKeys;
using Orleans.Concurrency;

namespace KeysCluster.Grains.Validation;

[StatelessWorker, GrainType("validation")]
internal sealed class ValidationGrain(VirtualKeyValidation validation, ProjectAuthentication authentication)
    : Grain, IValidationGrain
{
    public async ValueTask<Verdict> Validate(VirtualKeyId key, SecretDigest digest, ProjectId? project) =>
        validation.TryProve(key.ToString(), digest, project, out var proven)
            ? proven.Verdict
            : (await validation.Read(key.ToString(), digest, project)).Verdict;

    public async ValueTask<bool> Authenticate(ProjectId project, SecretDigest digest) =>
        authentication.Prove(project.ToString(), digest) is not null
        || await authentication.Read(project.ToString(), digest) is not null;
}
