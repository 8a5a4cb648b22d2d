using KeysCluster.Projects;
using KeysCluster.Secrets;
using KeysCluster.Validation;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Validation;

/// <summary>
/// Answers from the memory of the silo in this process, under its lease: no grain call, no allocation and no lock for a
/// secret that is good and known here. Anything else costs one read of storage.
/// </summary>
internal sealed class CachedVirtualKeyValidator(
    VirtualKeyValidation validation, UseReports uses, ValidationCounter counter) : IVirtualKeyValidator
{
    public ValueTask<Verdict> ValidateAsync(string? presented, ProjectId? project = null)
    {
        if (!VirtualKeySecret.TryParse(presented, out var parsed)) return new(Malformed());
        var secret = new PresentedSecret(parsed);
        Span<char> key = stackalloc char[VirtualKeyId.TextLength];
        VirtualKeyId.WriteOwnerOf(parsed, key);
        return validation.TryProve(key, secret, project, out var proven)
            ? new(Reported(proven))
            : Read(VirtualKeyId.OwnerOf(parsed), secret, project);
    }

    private Verdict Malformed()
    {
        counter.Add(VerdictCode.Malformed);
        return Verdict.Malformed;
    }

    private async ValueTask<Verdict> Read(VirtualKeyId key, PresentedSecret presented, ProjectId? project) =>
        Reported(await validation.Read(key.ToString(), presented, project));

    private Verdict Reported(Judgement judgement)
    {
        if (judgement.Verdict.IsValid) uses.OfVirtualKey(judgement.Verdict, judgement.Secret!, judgement.At);
        return judgement.Verdict;
    }
}
