using System.Net;
using KeysCluster.Validation.Caching;
using KeysCluster.Validation.Imports;
using KeysCluster.Validation.Telemetry;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Validation;

/// <summary>
/// Finds out to which virtual key a presented text belongs, from its format or from the imported secrets, and has a
/// derived class validate it.
/// </summary>
/// <param name="imports">The secrets of other systems.</param>
/// <param name="metrics">The metrics of validations.</param>
/// <param name="path">How secrets are validated that are not cached.</param>
internal abstract class SecretValidator(ImportedSecrets imports, ValidationMetrics metrics, ValidationPath path)
    : IVirtualKeyValidator
{
    protected ValidationMetrics Metrics => metrics;

    public ValueTask<Verdict> ValidateAsync(
        string? presented,
        ProjectId? project = null,
        IReadOnlyList<string>? permissions = null,
        IPAddress? address = null)
    {
        if (TryValidateFromCache(presented, out var verdict, project, permissions, address)) return new(verdict);
        return VirtualKeySecret.TryParse(presented, out var secret)
            ? ReadAsync(VirtualKeyId.FromSecret(secret), new PresentedSecret(secret), project, permissions, address)
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
            return TryFindVerdict(owner, new PresentedSecret(secret), out verdict, project, permissions, address);
        }

        if (imports.Find(presented) is { } found)
            return TryFindVerdict(found.Owner, found.Presented, out verdict, project, permissions, address);
        var isMalformed = imports.IsMalformed(presented);
        verdict = isMalformed ? RecordMalformed() : Verdict.Unavailable;
        return isMalformed;
    }

    /// <summary>Validates a secret from the cache.</summary>
    /// <param name="owner">The text of the id of the key.</param>
    /// <param name="presented">The secret.</param>
    /// <param name="verdict">The verdict.</param>
    /// <param name="project">The project that the key must belong to; null for any.</param>
    /// <param name="permissions">The permissions that the key must have.</param>
    /// <param name="address">The address from which the secret was presented; null if it is not known.</param>
    /// <returns>Whether the cache determines the verdict.</returns>
    protected abstract bool TryFindVerdict(
        ReadOnlySpan<char> owner,
        in PresentedSecret presented,
        out Verdict verdict,
        ProjectId? project,
        IReadOnlyList<string>? permissions,
        IPAddress? address);

    /// <summary>Validates a secret that the cache does not determine.</summary>
    protected abstract ValueTask<Verdict> ReadAsync(
        VirtualKeyId key,
        PresentedSecret presented,
        ProjectId? project,
        IReadOnlyList<string>? permissions,
        IPAddress? address);

    /// <summary>Validates a text that may be a secret of another system.</summary>
    private async ValueTask<Verdict> FindImportedAsync(
        string? presented, ProjectId? project, IReadOnlyList<string>? permissions, IPAddress? address)
    {
        var startedAt = metrics.Start();
        try
        {
            if (await imports.FindAsync(presented) is { } found)
            {
                var verdict = await ReadAsync(found.Key, found.Presented, project, permissions, address);
                if (verdict.Code == VerdictCode.NotFound) imports.Remove(found);
                return verdict;
            }

            if (imports.IsMalformed(presented)) return RecordMalformed();
            metrics.Record(path, VerdictCode.NotFound, startedAt);
            return Verdict.NotFound;
        }
        catch (ValidationUnavailableException)
        {
            metrics.Record(path, VerdictCode.Unavailable, startedAt);
            return Verdict.Unavailable;
        }
    }

    private Verdict RecordMalformed()
    {
        metrics.Record(ValidationPath.Format, VerdictCode.Malformed);
        return Verdict.Malformed;
    }
}
