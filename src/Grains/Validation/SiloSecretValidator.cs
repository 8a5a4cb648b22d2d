using System.Diagnostics.CodeAnalysis;
using System.Net;
using KeysCluster.Grains.Projects;
using KeysCluster.Grains.Verification;
using KeysCluster.Grains.VirtualKeys;
using KeysCluster.Projects;
using KeysCluster.Secrets;
using KeysCluster.Validation;
using KeysCluster.Validation.Caching;
using KeysCluster.Validation.Imports;
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
    ProjectVerifier projects,
    ImportedSecrets imports,
    UsageReporter usage,
    ValidationMetrics metrics)
    : SecretValidator(imports, metrics, ValidationPath.Storage), IProjectAuthenticator
{
    protected override bool TryFindVerdict(
        ReadOnlySpan<char> owner,
        in PresentedSecret presented,
        out Verdict verdict,
        ProjectId? project,
        IReadOnlyList<string>? permissions,
        IPAddress? address)
    {
        var startedAt = Metrics.StartSampled();
        var isFound = keys.TryVerifyFromCache(owner, presented, project, permissions, address, out var match);
        verdict = isFound
            ? Report(ValidationPath.Cache, startedAt, match, presented, match.Verdict, address)
            : Verdict.Unavailable;
        return isFound;
    }

    protected override async ValueTask<Verdict> ReadAsync(
        VirtualKeyId key,
        PresentedSecret presented,
        ProjectId? project,
        IReadOnlyList<string>? permissions,
        IPAddress? address)
    {
        var startedAt = Metrics.Start();
        var match = await keys.VerifyFromStorageAsync(key.ToString(), presented, project);
        var verdict = match.Verdict.Require(permissions, address);
        return Report(ValidationPath.Storage, startedAt, match, presented, verdict, address);
    }

    public ValueTask<AuthenticatedApiKey?> AuthenticateAsync(Secret apiKey) =>
        TryAuthenticateFromCache(apiKey, out var authenticated) ? new(authenticated) : VerifyAsync(apiKey);

    public bool TryAuthenticateFromCache(Secret apiKey, [NotNullWhen(true)] out AuthenticatedApiKey? authenticated)
    {
        var presented = new PresentedSecret(apiKey);
        Span<char> project = stackalloc char[ProjectId.TextLength];
        ProjectApiKey.FormatProjectId(apiKey, project);
        authenticated = projects.TryVerifyFromCache(project, presented, out var match)
            ? Report(match, presented, apiKey)
            : null;
        return authenticated is not null;
    }

    private async ValueTask<AuthenticatedApiKey?> VerifyAsync(Secret apiKey)
    {
        var presented = new PresentedSecret(apiKey);
        var match = await projects.VerifyAsync(ProjectApiKey.GetProjectId(apiKey).ToString(), presented);
        return Report(match, presented, apiKey);
    }

    private Verdict Report(
        ValidationPath path,
        long startedAt,
        in SecretMatch match,
        in PresentedSecret presented,
        Verdict verdict,
        IPAddress? address)
    {
        Metrics.Record(path, verdict.Code, startedAt);
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
