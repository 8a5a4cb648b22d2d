using System.Net;
using KeysCluster.Grains.Projects;
using KeysCluster.Grains.Verification;
using KeysCluster.Grains.VirtualKeys;
using KeysCluster.Projects;
using KeysCluster.Secrets;
using KeysCluster.Validation;
using KeysCluster.Validation.Caching;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Validators;

/// <summary>
/// Validates in a silo's process. A valid secret that is cached under the silo's lease costs no grain call, no
/// allocation and no lock. Anything else costs one read of storage.
/// </summary>
internal sealed class SiloSecretValidator(
    VirtualKeyVerifier keys,
    SecretVerifier<ProjectState> projects,
    UsageReporter usage,
    ValidationMetrics metrics)
    : IVirtualKeyValidator, IProjectAuthenticator
{
    public ValueTask<Verdict> ValidateAsync(
        string? presented,
        ProjectId? project = null,
        IReadOnlyList<string>? permissions = null,
        IPAddress? address = null)
    {
        if (!VirtualKeySecret.TryParse(presented, out var secret))
        {
            metrics.CountVerdict(VerdictCode.Malformed);
            return new(Verdict.Malformed);
        }

        var presentedSecret = new PresentedSecret(secret);
        Span<char> key = stackalloc char[VirtualKeyId.TextLength];
        VirtualKeyId.FormatOwner(secret, key);
        return keys.TryVerifyFromCache(key, presentedSecret, project, permissions, address, out var match)
            ? new(Report(match, presentedSecret, match.Verdict))
            : ReadAsync(VirtualKeyId.FromSecret(secret), presentedSecret, project, permissions, address);
    }

    public ValueTask<AuthenticatedApiKey?> AuthenticateAsync(Secret apiKey)
    {
        var presented = new PresentedSecret(apiKey);
        Span<char> project = stackalloc char[ProjectId.TextLength];
        ProjectId.FormatOwner(apiKey, project);
        return projects.TryVerifyFromCache(project, presented, project: null, out var match)
            ? new(Report(match, presented, apiKey))
            : ReadAsync(apiKey, presented);
    }

    private async ValueTask<Verdict> ReadAsync(
        VirtualKeyId key,
        PresentedSecret presented,
        ProjectId? project,
        IReadOnlyList<string>? permissions,
        IPAddress? address)
    {
        var match = await keys.VerifyAsync(key.ToString(), presented, project);
        return Report(match, presented, match.Verdict.Require(permissions, address));
    }

    private async ValueTask<AuthenticatedApiKey?> ReadAsync(Secret apiKey, PresentedSecret presented)
    {
        var match = await projects.VerifyAsync(ProjectId.FromApiKey(apiKey).ToString(), presented, project: null);
        return match.Verdict.Code == VerdictCode.Unavailable
            ? throw new ValidationUnavailableException()
            : Report(match, presented, apiKey);
    }

    private Verdict Report(in SecretMatch match, in PresentedSecret presented, Verdict verdict)
    {
        metrics.CountVerdict(verdict.Code);
        if (verdict.IsValid) usage.ReportVirtualKey(verdict.Key!.Id, match.Secret!, presented, match.At);
        return verdict;
    }

    private AuthenticatedApiKey? Report(in SecretMatch match, in PresentedSecret presented, Secret apiKey)
    {
        if (!match.Verdict.IsValid) return null;
        usage.ReportProject(apiKey, match.Secret!, presented, match.At);
        return match.Result.ApiKey;
    }
}
