using KeysCluster.Projects;
using KeysCluster.Secrets;
using KeysCluster.Validation;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Validation;

/// <summary>
/// Answers from the memory of the silo in this process, under its lease: no grain call, no allocation and no lock for a
/// secret that is good and known here. Anything else costs one read of storage.
/// </summary>
internal sealed class CachedVirtualKeyValidator(VirtualKeyValidation validation, UseReports uses) : IVirtualKeyValidator
{
    public ValueTask<Verdict> ValidateAsync(string? presented, ProjectId? project = null)
    {
        if (!VirtualKeySecret.TryParse(presented, out var secret)) return new(Verdict.Malformed);
        var digest = secret.Digest();
        Span<char> key = stackalloc char[VirtualKeyId.TextLength];
        VirtualKeyId.WriteOwnerOf(secret, key);
        return validation.TryProve(key, digest, project, out var proven)
            ? new(Reported(proven))
            : Read(VirtualKeyId.OwnerOf(secret), digest, project);
    }

    private async ValueTask<Verdict> Read(VirtualKeyId key, SecretDigest digest, ProjectId? project) =>
        Reported(await validation.Read(key.ToString(), digest, project));

    private Verdict Reported(Judgement judgement)
    {
        if (judgement.Verdict.IsValid) uses.OfVirtualKey(judgement.Verdict.Key!.Id, judgement.Secret!, judgement.At);
        return judgement.Verdict;
    }
}
