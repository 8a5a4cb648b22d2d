using System.Net;
using KeysCluster.Leases;
using KeysCluster.Projects;
using KeysCluster.Secrets;
using KeysCluster.Validation.Caching;
using KeysCluster.Validation.Leases;
using KeysCluster.VirtualKeys;
using Microsoft.Extensions.DependencyInjection;

namespace KeysCluster.Validation;

/// <summary>
/// Validates in an Orleans client. A valid secret that is cached under the client's lease costs no call. Anything else
/// is sent to a silo, and to others if it fails or is slow, and takes two seconds at most.
/// </summary>
internal sealed class ClientSecretValidator(
    ValidationGrainCaller silos,
    [FromKeyedServices(GrainTypeNames.VirtualKey)] LeasedCache<CacheEntry> keys,
    [FromKeyedServices(GrainTypeNames.Project)] LeasedCache<CacheEntry> projects,
    ILease lease,
    UsageReporter usage,
    ValidationMetrics metrics,
    TimeProvider time)
    : IVirtualKeyValidator, IProjectAuthenticator
{
    public ValueTask<Verdict> ValidateAsync(
        string? presented,
        ProjectId? project = null,
        IReadOnlyList<string>? permissions = null,
        IPAddress? address = null)
    {
        if (!VirtualKeySecret.TryParse(presented, out var secret)) return new(Count(Verdict.Malformed));
        var presentedSecret = new PresentedSecret(secret);
        Span<char> key = stackalloc char[VirtualKeyId.TextLength];
        VirtualKeyId.FormatOwner(secret, key);
        var now = time.GetUtcNow();
        var cached = keys.Find(key)?.FindSecret(presentedSecret.Fingerprint);
        if (cached?.GetVerdictAt(now) is not { } verdict
            || !IsInScope(verdict, project)
            || !verdict.Require(permissions, address).IsValid)
            return CallSiloAsync(VirtualKeyId.FromSecret(secret), presentedSecret, project, permissions, address);

        usage.ReportVirtualKey(verdict.Key!.Id, cached, now);
        return new(Count(verdict));
    }

    public ValueTask<SecretId?> AuthenticateAsync(Secret apiKey)
    {
        var presented = new PresentedSecret(apiKey);
        Span<char> project = stackalloc char[ProjectId.TextLength];
        ProjectId.FormatOwner(apiKey, project);
        var now = time.GetUtcNow();
        var cached = projects.Find(project)?.FindSecret(presented.Fingerprint);
        if (cached?.GetVerdictAt(now) is null) return CallSiloAsync(apiKey, presented);

        usage.ReportProject(apiKey, cached, now);
        return new(cached.Id);
    }

    private async ValueTask<Verdict> CallSiloAsync(
        VirtualKeyId key,
        PresentedSecret presented,
        ProjectId? project,
        IReadOnlyList<string>? permissions,
        IPAddress? address)
    {
        using var fill = keys.BeginFill(key.ToString());
        try
        {
            var digest = presented.ComputeDigest();
            var answer = await silos.ValidateAsync(key, digest, project);
            var verdict = answer.Verdict;
            if (!verdict.IsValid) return Count(verdict);

            var now = time.GetUtcNow();
            var secret = new CachedSecret(presented.Fingerprint, verdict.SecretId!.Value)
            {
                Verdict = new CachedVerdict(verdict, now, answer.ValidUntil),
            };
            Commit(fill, secret, answer.Position, verdict.Key!.Revision);
            var required = verdict.Require(permissions, address);
            if (required.IsValid) usage.ReportVirtualKey(key, secret, now);
            return Count(required);
        }
        catch (ValidationUnavailableException)
        {
            return Count(Verdict.Unavailable);
        }
    }

    private async ValueTask<SecretId?> CallSiloAsync(Secret apiKey, PresentedSecret presented)
    {
        var project = ProjectId.FromApiKey(apiKey);
        using var fill = projects.BeginFill(project.ToString());
        var digest = presented.ComputeDigest();
        var answer = await silos.AuthenticateAsync(project, digest);
        if (answer is null) return null;

        var now = time.GetUtcNow();
        var verdict = new Verdict
        {
            Code = answer.ValidUntil is null ? VerdictCode.Active : VerdictCode.Retiring,
            ValidUntil = answer.ValidUntil,
            SecretId = answer.Id,
        };
        var secret = new CachedSecret(presented.Fingerprint, answer.Id)
        {
            Verdict = new CachedVerdict(verdict, now, answer.ValidUntil ?? DateTimeOffset.MaxValue),
        };
        Commit(fill, secret, answer.Position, answer.Revision);
        usage.ReportProject(apiKey, secret, now);
        return answer.Id;
    }

    /// <summary>
    /// Caches an answer, unless the silo was behind this client in the event log: the answer may then be from before a
    /// change that this client has applied already, and will not receive again.
    /// </summary>
    private void Commit(
        LeasedCache<CacheEntry>.Fill fill, CachedSecret secret, LogPosition? position, long revision)
    {
        if (lease.Position is { } applied && position?.Covers(applied) == true)
            fill.Commit(new CacheEntry(fill.Epoch, revision, secret));
    }

    private Verdict Count(Verdict verdict)
    {
        metrics.CountVerdict(verdict.Code);
        return verdict;
    }

    private static bool IsInScope(Verdict verdict, ProjectId? project) =>
        project is not { } scope || scope == verdict.Key!.ProjectId;
}
