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
    : IVirtualKeyValidator, IProjectAuthenticator
{
    public ValueTask<Verdict> ValidateAsync(
        string? presented,
        ProjectId? project = null,
        IReadOnlyList<string>? permissions = null,
        IPAddress? address = null)
    {
        if (TryValidateFromCache(presented, out var verdict, project, permissions, address)) return new(verdict);
        return VirtualKeySecret.TryParse(presented, out var secret)
            ? ReadAsync(
                VirtualKeyId.FromSecret(secret).ToString(),
                new PresentedSecret(secret),
                project,
                permissions,
                address)
            : FindImportedAsync(presented, project, permissions, address);
    }

    public bool TryValidateFromCache(
        string? presented,
        out Verdict verdict,
        ProjectId? project = null,
        IReadOnlyList<string>? permissions = null,
        IPAddress? address = null)
    {
        if (VirtualKeySecret.TryParse(presented, out var secret))
        {
            Span<char> owner = stackalloc char[VirtualKeyId.TextLength];
            VirtualKeyId.FormatOwner(secret, owner);
            return TryVerify(owner, new PresentedSecret(secret), out verdict, project, permissions, address);
        }

        if (imports.Find(presented) is { } found)
            return TryVerify(found.Owner, found.Presented, out verdict, project, permissions, address);
        var isMalformed = imports.IsMalformed(presented);
        verdict = isMalformed ? RecordMalformed() : Verdict.Unavailable;
        return isMalformed;
    }

    private bool TryVerify(
        ReadOnlySpan<char> owner,
        in PresentedSecret presented,
        out Verdict verdict,
        ProjectId? project,
        IReadOnlyList<string>? permissions,
        IPAddress? address)
    {
        var startedAt = metrics.StartSampled();
        var isFound = keys.TryVerifyFromCache(owner, presented, project, permissions, address, out var match);
        verdict = isFound
            ? Report(ValidationPath.Cache, startedAt, match, presented, match.Verdict, address)
            : Verdict.Unavailable;
        return isFound;
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

    /// <summary>Validates a text that may be a secret of another system.</summary>
    private async ValueTask<Verdict> FindImportedAsync(
        string? presented, ProjectId? project, IReadOnlyList<string>? permissions, IPAddress? address)
    {
        var startedAt = metrics.Start();
        try
        {
            if (await imports.FindAsync(presented) is { } found)
            {
                var verdict = await ReadAsync(found.Owner, found.Presented, project, permissions, address);
                if (verdict.Code == VerdictCode.NotFound) imports.Remove(found);
                return verdict;
            }

            if (imports.IsMalformed(presented)) return RecordMalformed();
            metrics.Record(ValidationPath.Storage, VerdictCode.NotFound, startedAt);
            return Verdict.NotFound;
        }
        catch (ValidationUnavailableException)
        {
            metrics.Record(ValidationPath.Storage, VerdictCode.Unavailable, startedAt);
            return Verdict.Unavailable;
        }
    }

    private Verdict RecordMalformed()
    {
        metrics.Record(ValidationPath.Format, VerdictCode.Malformed);
        return Verdict.Malformed;
    }

    private async ValueTask<Verdict> ReadAsync(
        string owner,
        PresentedSecret presented,
        ProjectId? project,
        IReadOnlyList<string>? permissions,
        IPAddress? address)
    {
        var startedAt = metrics.Start();
        var match = await keys.VerifyFromStorageAsync(owner, presented, project);
        var verdict = match.Verdict.Require(permissions, address);
        return Report(ValidationPath.Storage, startedAt, match, presented, verdict, address);
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
