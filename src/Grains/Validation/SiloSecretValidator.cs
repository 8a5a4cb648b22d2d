using System.Diagnostics.CodeAnalysis;
using System.Net;
using KeysCluster.Grains.Projects;
using KeysCluster.Grains.Verification;
using KeysCluster.Grains.VirtualKeys;
using KeysCluster.Projects;
using KeysCluster.Secrets;
using KeysCluster.Validation;
using KeysCluster.Validation.Caching;
using KeysCluster.Validation.Telemetry;
using KeysCluster.Validation.Usage;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Validation;

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
        if (!VirtualKeySecret.TryParse(presented, out var secret)) return new(CountMalformed());
        var presentedSecret = new PresentedSecret(secret);
        return TryVerifyFromCache(secret, presentedSecret, project, permissions, address, out var verdict)
            ? new(verdict)
            : ReadAsync(VirtualKeyId.FromSecret(secret), presentedSecret, project, permissions, address);
    }

    public bool TryValidateFromCache(
        string? presented,
        out Verdict verdict,
        ProjectId? project = null,
        IReadOnlyList<string>? permissions = null,
        IPAddress? address = null)
    {
        if (VirtualKeySecret.TryParse(presented, out var secret))
            return TryVerifyFromCache(secret, new PresentedSecret(secret), project, permissions, address, out verdict);
        verdict = CountMalformed();
        return true;
    }

    public ValueTask<AuthenticatedApiKey?> AuthenticateAsync(Secret apiKey)
    {
        var presented = new PresentedSecret(apiKey);
        return TryVerifyFromCache(apiKey, presented, out var match)
            ? new(Report(match, presented, apiKey))
            : ReadAsync(apiKey, presented);
    }

    public bool TryAuthenticateFromCache(Secret apiKey, [NotNullWhen(true)] out AuthenticatedApiKey? authenticated)
    {
        var presented = new PresentedSecret(apiKey);
        authenticated = TryVerifyFromCache(apiKey, presented, out var match)
            ? Report(match, presented, apiKey)
            : null;
        return authenticated is not null;
    }

    private bool TryVerifyFromCache(
        Secret secret,
        in PresentedSecret presented,
        ProjectId? project,
        IReadOnlyList<string>? permissions,
        IPAddress? address,
        out Verdict verdict)
    {
        var startedAt = metrics.StartSampled();
        Span<char> key = stackalloc char[VirtualKeyId.TextLength];
        VirtualKeyId.FormatOwner(secret, key);
        var isFound = keys.TryVerifyFromCache(key, presented, project, permissions, address, out var match);
        verdict = isFound
            ? Report(ValidationPath.Cache, startedAt, match, presented, match.Verdict, address)
            : Verdict.Unavailable;
        return isFound;
    }

    private bool TryVerifyFromCache(Secret apiKey, in PresentedSecret presented, out SecretMatch match)
    {
        Span<char> project = stackalloc char[ProjectId.TextLength];
        ProjectApiKey.FormatProjectId(apiKey, project);
        return projects.TryVerifyFromCache(project, presented, project: null, out match);
    }

    private async ValueTask<Verdict> ReadAsync(
        VirtualKeyId key,
        PresentedSecret presented,
        ProjectId? project,
        IReadOnlyList<string>? permissions,
        IPAddress? address)
    {
        var startedAt = metrics.Start();
        var match = await keys.VerifyAsync(key.ToString(), presented, project);
        var verdict = match.Verdict.Require(permissions, address);
        return Report(ValidationPath.Storage, startedAt, match, presented, verdict, address);
    }

    private async ValueTask<AuthenticatedApiKey?> ReadAsync(Secret apiKey, PresentedSecret presented)
    {
        var match = await projects.VerifyAsync(ProjectApiKey.GetProjectId(apiKey).ToString(), presented, project: null);
        return match.Verdict.Code == VerdictCode.Unavailable
            ? throw new ValidationUnavailableException()
            : Report(match, presented, apiKey);
    }

    private Verdict CountMalformed()
    {
        metrics.Record(ValidationPath.Format, VerdictCode.Malformed);
        return Verdict.Malformed;
    }

    private Verdict Report(
        ValidationPath path,
        long startedAt,
        in SecretMatch match,
        in PresentedSecret presented,
        Verdict verdict,
        IPAddress? address)
    {
        metrics.Record(path, verdict.Code, startedAt);
        if (verdict.IsValid) usage.ReportVirtualKey(verdict.Key!.Id, match.Secret!, presented, match.At, address);
        return verdict;
    }

    private AuthenticatedApiKey? Report(in SecretMatch match, in PresentedSecret presented, Secret apiKey)
    {
        if (!match.Verdict.IsValid) return null;
        usage.ReportProject(apiKey, match.Secret!, presented, match.At);
        return match.Result.ApiKey;
    }
}
