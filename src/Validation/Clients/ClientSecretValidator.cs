using System.Diagnostics.CodeAnalysis;
using System.Net;
using KeysCluster.Leases;
using KeysCluster.Projects;
using KeysCluster.Secrets;
using KeysCluster.Validation.Caching;
using KeysCluster.Validation.Imports;
using KeysCluster.Validation.Leases;
using KeysCluster.Validation.Telemetry;
using KeysCluster.Validation.Usage;
using KeysCluster.VirtualKeys;
using Microsoft.Extensions.DependencyInjection;

namespace KeysCluster.Validation.Clients;

/// <summary>
/// Validates in an Orleans client. A valid secret that is cached under the client's lease costs no call. Anything else
/// is sent to a silo, and to others if it fails or is slow, and takes two seconds at most.
/// </summary>
internal sealed class ClientSecretValidator(
    ValidationGrainCaller silos,
    ImportedSecrets imports,
    [FromKeyedServices(GrainTypeNames.VirtualKey)] LeasedCache<CacheEntry> keys,
    [FromKeyedServices(GrainTypeNames.Project)] LeasedCache<CacheEntry> projects,
    ILease lease,
    UsageReporter usage,
    ValidationMetrics metrics,
    TimeProvider time)
    : SecretValidator(imports, metrics, ValidationPath.Silo), IProjectAuthenticator
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
        verdict = Verdict.Unavailable;
        var now = time.GetUtcNow();
        if (keys.Find(owner) is not { IsProjectActive: true } entry
            || entry.FindVerdict(presented.Fingerprint, now, out var cached)?.Verdict is not { } valid
            || (project is { } scope && scope != valid.Key!.ProjectId)
            || !valid.Require(permissions, address).IsValid)
            return false;

        usage.ReportVirtualKey(valid.Key!.Id, cached!, presented, now, address);
        verdict = Record(ValidationPath.Cache, valid, startedAt);
        return true;
    }

    protected override async ValueTask<Verdict> ReadAsync(
        VirtualKeyId key,
        PresentedSecret presented,
        ProjectId? project,
        IReadOnlyList<string>? permissions,
        IPAddress? address)
    {
        var startedAt = Metrics.Start();
        using var fill = keys.BeginFill(key.ToString());
        try
        {
            var digest = presented.ComputeDigest();
            var answer = await silos.ValidateAsync(key, digest, project, permissions, address);
            var verdict = answer.Verdict;
            if (!verdict.IsValid) return Record(ValidationPath.Silo, verdict, startedAt);

            var now = time.GetUtcNow();
            var secret = new CachedSecret(presented.Fingerprint, verdict.SecretId!.Value)
            {
                Verdict = new CachedVerdict(verdict, now, answer.ValidUntil),
            };
            Commit(fill, secret, answer);
            var required = verdict.Require(permissions, address);
            if (required.IsValid) usage.ReportVirtualKey(key, secret, presented, now, address);
            return Record(ValidationPath.Silo, required, startedAt);
        }
        catch (ValidationUnavailableException)
        {
            return Record(ValidationPath.Silo, Verdict.Unavailable, startedAt);
        }
    }

    public ValueTask<AuthenticatedApiKey?> AuthenticateAsync(Secret apiKey) =>
        TryAuthenticateFromCache(apiKey, out var authenticated) ? new(authenticated) : CallSiloAsync(apiKey);

    public bool TryAuthenticateFromCache(Secret apiKey, [NotNullWhen(true)] out AuthenticatedApiKey? authenticated)
    {
        var presented = new PresentedSecret(apiKey);
        Span<char> project = stackalloc char[ProjectId.TextLength];
        ProjectApiKey.FormatProjectId(apiKey, project);
        var now = time.GetUtcNow();
        CachedSecret? cached = null;
        authenticated = projects.Find(project)?.FindVerdict(presented.Fingerprint, now, out cached)?.ApiKey;
        if (authenticated is null) return false;
        usage.ReportProject(apiKey, cached!, presented, now);
        return true;
    }

    private async ValueTask<AuthenticatedApiKey?> CallSiloAsync(Secret apiKey)
    {
        var presented = new PresentedSecret(apiKey);
        var project = ProjectApiKey.GetProjectId(apiKey);
        using var fill = projects.BeginFill(project.ToString());
        var digest = presented.ComputeDigest();
        if (await silos.AuthenticateAsync(project, digest) is not { } answer) return null;

        var now = time.GetUtcNow();
        var authenticated = answer.ApiKey;
        var verdict = new Verdict
        {
            Code = authenticated.IsRetiring ? VerdictCode.Retiring : VerdictCode.Active,
            SecretId = authenticated.SecretId,
        };
        var secret = new CachedSecret(presented.Fingerprint, authenticated.SecretId)
        {
            Verdict = new CachedVerdict(verdict, now, answer.ValidUntil, authenticated),
        };

        // A project that is disabled may be enabled without waiting for this cache.
        if (IsCurrent(answer.Position) && authenticated.ProjectStatus == ProjectStatus.Active)
            fill.Commit(new CacheEntry(fill.Epoch, answer.Revision, secret));
        usage.ReportProject(apiKey, secret, presented, now);
        return authenticated;
    }

    /// <summary>
    /// Caches a valid verdict with the revision of the project that it is based on. The fill of the project begins
    /// before the position is compared, so that no change of the project in between is missed.
    /// </summary>
    private void Commit(LeasedCache<CacheEntry>.Fill fill, CachedSecret secret, ValidationResponse answer)
    {
        var key = answer.Verdict.Key!;
        using var projectFill = projects.BeginFill(key.ProjectId.ToString());
        if (!IsCurrent(answer.Position)) return;
        var active = projectFill.CommitRevision(new CacheEntry(projectFill.Epoch, answer.ProjectRevision ?? 0));
        if (active is null) return;
        fill.Commit(new CacheEntry(fill.Epoch, key.Revision, secret) { Project = active });
    }

    /// <summary>
    /// Returns whether an answer may be cached. If the silo was behind this client in the event log, the answer may be
    /// from before a change that this client has applied already, and will not receive again.
    /// </summary>
    private bool IsCurrent(LogPosition? position) =>
        lease.Position is { } applied && position?.Covers(applied) == true;

    private Verdict Record(ValidationPath path, Verdict verdict, long startedAt)
    {
        Metrics.Record(path, verdict.Code, startedAt);
        return verdict;
    }
}
