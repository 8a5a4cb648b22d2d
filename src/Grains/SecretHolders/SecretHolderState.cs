using System.Text.Json;
using System.Text.Json.Serialization;
using KeysCluster.Grains.Idempotency;
using KeysCluster.Grains.Secrets;
using KeysCluster.Idempotency;
using KeysCluster.Projects;
using KeysCluster.Validation.Caching;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.SecretHolders;

/// <summary>
/// The stored state that virtual keys and projects have in common: secrets that are rotated, idempotency records and
/// the last change. JSON names and meanings are a storage contract: members are added, never changed.
/// </summary>
internal abstract record SecretHolderState
{
    /// <summary>
    /// The schema version that this build writes. A state of a higher version is read but never written: this build
    /// could violate rules that it does not know.
    /// </summary>
    public const int CurrentSchemaVersion = 1;

    /// <summary>The memory of a state and its last event without secrets and texts, in bytes.</summary>
    private const int OwnSize = 500;

    private const int StoredSecretSize = 500;

    public int SchemaVersion { get; init; } = CurrentSchemaVersion;

    public required string Id { get; init; }

    public required string Name { get; init; }

    public required SecretSet Secrets { get; init; }

    [JsonPropertyName("receipts")]
    public IdempotencyRecords IdempotencyRecords { get; init; } = new();

    /// <summary>Increases with each visible change. A write that leaves it unchanged changes no verdict.</summary>
    public required long Revision { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The last use of any secret, including secrets that have been erased since.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>The last event. The database copies it to the event table.</summary>
    [JsonPropertyName("change")]
    public required StateEvent LastEvent { get; init; }

    /// <summary>The time of the last visible change; null in a state of an earlier build.</summary>
    [JsonPropertyName("updated_at")]
    public DateTimeOffset? ChangedAt { get; init; }

    /// <summary>
    /// When the next hash or idempotency record is due to be erased; null for none. The database stores the erasure
    /// reminder in the transaction that writes the state.
    /// </summary>
    public virtual DateTimeOffset? EraseAt =>
        SecretSets.Select(secrets => secrets.GetNextDeadline())
            .Append(IdempotencyRecords.GetNextExpiry())
            .Min();

    /// <summary>The hash of the grain id by which Orleans assigns the erasure reminder to a silo.</summary>
    public int GrainHash => unchecked((int)GrainId.Create(GrainType, Id).GetUniformHashCode());

    /// <summary>Members that a newer build has written. They survive a write by this build.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? UnknownMembers { get; init; }

    /// <summary>The type of the grain.</summary>
    [JsonIgnore]
    public abstract string GrainType { get; }

    /// <summary>The time of the last visible change.</summary>
    [JsonIgnore]
    public DateTimeOffset UpdatedAt => ChangedAt ?? LastEvent.At;

    /// <summary>
    /// The secrets that are rotated together: one set of a virtual key, one for each API key of a project.
    /// </summary>
    [JsonIgnore]
    public virtual IReadOnlyList<SecretSet> SecretSets => [Secrets];

    /// <summary>Returns the secret that is the presented one; null when there is none.</summary>
    public StoredSecret? FindSecret(in PresentedHashes presented)
    {
        foreach (var secrets in SecretSets)
            if (secrets.Find(presented) is { } secret) return secret;
        return null;
    }

    /// <summary>
    /// Returns a secret that may be used, now or after a change, but cannot be verified because its pepper is missing;
    /// null when there is none.
    /// </summary>
    public StoredSecret? FindUnverifiableSecret(PepperSet peppers, DateTimeOffset now)
    {
        foreach (var secrets in SecretSets)
        {
            foreach (var secret in secrets.All())
                if (peppers.Find(secret.PepperId) is null && DependsOnPepper(secret, now)) return secret;
        }

        return null;
    }

    /// <summary>
    /// Returns whether a secret may be used, now or after a change. Revoked and expired secrets remain invalid, so that
    /// nobody needs their pepper.
    /// </summary>
    public bool DependsOnPepper(StoredSecret secret, DateTimeOffset now) =>
        secret.Hash.Length > 0 && Evaluate(secret, now) is not (VerdictCode.Revoked or VerdictCode.ExpiredSecret);

    /// <summary>Returns the secret with an id; null when there is none.</summary>
    public StoredSecret? FindSecret(string id)
    {
        foreach (var secrets in SecretSets)
            if (secrets.Find(id) is { } secret) return secret;
        return null;
    }

    /// <summary>
    /// Replaces each set of secrets by the result of a function; returns the same instance when none changes.
    /// </summary>
    public abstract SecretHolderState MapSecrets(Func<SecretSet, SecretSet> map);

    /// <summary>Sets times of last use; returns the same instance when it contains them already.</summary>
    public SecretHolderState WithLastUsed(IReadOnlyDictionary<string, SecretUse> uses)
    {
        var latest = uses.Values.Max(use => use.At);
        var used = MapSecrets(secrets => secrets.WithLastUsed(uses));
        if (ReferenceEquals(used, this) && LastUsedAt >= latest) return this;
        return used with { LastUsedAt = LastUsedAt > latest ? LastUsedAt : latest };
    }

    /// <summary>Estimates the memory that the state takes in a cache, in bytes.</summary>
    public virtual int EstimateSize() =>
        OwnSize
        + StoredSecretSize * SecretSets.Sum(secrets => 1 + secrets.Replaced.Length)
        + MemorySize.Estimate(Name);

    /// <summary>Returns the next instant at which a deadline or the expiry changes a verdict.</summary>
    public DateTimeOffset GetNextTransition(DateTimeOffset now) => SecretSets
        .SelectMany(secrets => secrets.All())
        .Select(secret => secret.ValidUntil)
        .Concat(GetExpiries())
        .Where(end => end > now)
        .Min() ?? DateTimeOffset.MaxValue;

    /// <summary>Returns the instants at which more than a single secret becomes invalid.</summary>
    protected virtual IEnumerable<DateTimeOffset?> GetExpiries() => [];

    /// <summary>
    /// Whether a valid secret may be answered from a cached state. False if the answer refuses its use for a reason
    /// that can be removed without waiting for this cache.
    /// </summary>
    [JsonIgnore]
    public virtual bool IsUsableFromCache => true;

    /// <summary>Returns the verdict code of a secret of this holder.</summary>
    public abstract VerdictCode Evaluate(StoredSecret secret, DateTimeOffset now);

    /// <summary>Returns whether the holder is, or belongs to, a project.</summary>
    public abstract bool BelongsTo(ProjectId project);

    /// <summary>Returns the sealed secret that the idempotency record of a request stores.</summary>
    public virtual byte[] SelectVariant(IdempotentRequest request) => request.SealedSecret;

    /// <summary>Returns the virtual key that verdicts show; null for a project.</summary>
    public abstract VirtualKey? ToVirtualKey(DateTimeOffset now);

    /// <summary>Returns the API key that a secret belongs to; null for a virtual key.</summary>
    public virtual AuthenticatedApiKey? ToAuthenticatedApiKey(StoredSecret secret) => null;
}
