using System.Collections.ObjectModel;
using System.Net;
using System.Text.Json.Serialization;
using KeysCluster.Grains.SecretHolders;
using KeysCluster.Grains.Secrets;
using KeysCluster.Grains.Storage;
using KeysCluster.Idempotency;
using KeysCluster.Secrets;
using KeysCluster.Validation.Caching;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.VirtualKeys;

/// <summary>
/// The stored state of a virtual key. JSON names and meanings are a storage contract: members are added, never changed.
/// </summary>
internal sealed record VirtualKeyState : SecretHolderState
{
    /// <summary>
    /// The memory of the <see cref="VirtualKey"/> that verdicts show, whose texts are those of the state.
    /// </summary>
    private const int ViewSize = 400;

    private const int RetiringSecretSize = 80;

    private static readonly IReadOnlyDictionary<string, string> NoMetadata = ReadOnlyDictionary<string, string>.Empty;

    public required string ProjectId { get; init; }

    public string? Description { get; init; }

    public required VirtualKeyEnvironment Environment { get; init; }

    public string? PrincipalUserId { get; init; }

    public required IReadOnlyList<string> ProviderCredentialIds { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public DateTimeOffset? DisabledAt { get; init; }

    public string? DisabledReason { get; init; }

    public DateTimeOffset? RevokedAt { get; init; }

    // Members without a value are null, not empty: a state from before they existed does not change when it is written.

    public IReadOnlyList<string>? Permissions { get; init; }

    public string? ExternalId { get; init; }

    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    [JsonConverter(typeof(RawJsonConverter))]
    public string? Config { get; init; }

    /// <summary>Address ranges in CIDR notation.</summary>
    public IReadOnlyList<string>? AllowedIps { get; init; }

    /// <summary>The last recorded notice of the expiry; null if there was none.</summary>
    public ExpiryNotice? ExpiryNotice { get; init; }

    /// <summary>The latest deadline of a replaced secret. The index of the database contains it.</summary>
    public DateTimeOffset? RetiringUntil => RevokedAt is not null ? null : Secrets.GetLastDeadline();

    /// <summary>
    /// The hashes of imported secrets, in base64; null if there are none. The index of the database contains them.
    /// </summary>
    public IReadOnlyList<string>? ImportedHashes =>
        Secrets.All().Any(secret => secret.IsImported)
            ? [.. from secret in Secrets.All() where secret.IsImported select Convert.ToBase64String(secret.Hash)]
            : null;

    [JsonIgnore]
    public override string GrainType => GrainTypeNames.VirtualKey;

    public override SecretHolderState MapSecrets(Func<SecretSet, SecretSet> map)
    {
        var secrets = map(Secrets);
        return ReferenceEquals(secrets, Secrets) ? this : this with { Secrets = secrets };
    }

    protected override IEnumerable<DateTimeOffset?> GetExpiries() => [ExpiresAt];

    public override VerdictCode Evaluate(StoredSecret secret, DateTimeOffset now)
    {
        if (RevokedAt is not null) return VerdictCode.Revoked;
        if (secret.HasExpired(now)) return VerdictCode.ExpiredSecret;
        if (ExpiresAt <= now) return VerdictCode.Expired;
        if (DisabledAt is not null) return VerdictCode.Disabled;
        return secret.ValidUntil is null ? VerdictCode.Active : VerdictCode.Retiring;
    }

    public override bool BelongsTo(ProjectId project) => ProjectId == project.ToString();

    /// <summary>
    /// Returns the variant of a new secret that fits the environment. A caller that knows the environment sends one
    /// variant only.
    /// </summary>
    public NewSecret SelectVariant(RotateSecretCommand command) =>
        Environment == VirtualKeyEnvironment.Test ? command.TestSecret ?? command.Secret : command.Secret;

    /// <summary>Returns the sealed form of the variant that fits the environment.</summary>
    public override byte[] SelectVariant(IdempotentRequest request) =>
        Environment == VirtualKeyEnvironment.Test
            ? request.SealedTestSecret ?? request.SealedSecret
            : request.SealedSecret;

    public override int EstimateSize() => base.EstimateSize()
        + ViewSize
        + RetiringSecretSize * Secrets.Replaced.Length
        + MemorySize.Estimate(Description)
        + MemorySize.Estimate(PrincipalUserId)
        + MemorySize.Estimate(DisabledReason)
        + MemorySize.Estimate(ProviderCredentialIds)
        + MemorySize.Estimate(Permissions ?? [])
        + MemorySize.Estimate(ExternalId)
        + MemorySize.Estimate(Metadata ?? NoMetadata)
        + MemorySize.Estimate(Config)
        + 2 * MemorySize.Estimate(AllowedIps ?? []);

    public override VirtualKey ToVirtualKey(DateTimeOffset now) => new()
    {
        Id = VirtualKeyId.Parse(Id),
        ProjectId = KeysCluster.ProjectId.Parse(ProjectId),
        Name = Name,
        Description = Description,
        Environment = Environment,
        PrincipalUserId = PrincipalUserId,
        ProviderCredentialIds = ProviderCredentialIds,
        Revision = Revision,
        SecretId = SecretId.Parse(Secrets.CurrentSecret.Id),
        DisplayPrefix = Secrets.CurrentSecret.DisplayPrefix,
        SecretLastUsedAt = Secrets.CurrentSecret.LastUsedAt,
        CreatedAt = CreatedAt,
        UpdatedAt = UpdatedAt,
        LastUsedAt = LastUsedAt,
        ExpiresAt = ExpiresAt,
        DisabledAt = DisabledAt,
        DisabledReason = DisabledReason,
        RevokedAt = RevokedAt,
        Permissions = Permissions ?? [],
        ExternalId = ExternalId,
        Metadata = Metadata ?? NoMetadata,
        Config = Config,
        AllowedIps = [.. (AllowedIps ?? []).Select(IPNetwork.Parse)],
        RetiringSecrets = RevokedAt is not null ? [] : Secrets.GetRetiringSecrets(now),
    };
}
