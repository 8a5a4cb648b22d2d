using System.Text.Json;
using System.Text.Json.Serialization;
using KeysCluster.Grains.Idempotency;
using KeysCluster.Grains.Secrets;
using KeysCluster.Projects;
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

    [JsonPropertyName("change")]
    public required AuditEntry LastChange { get; init; }

    /// <summary>
    /// The time of the last change that shortened the validity of a secret; null when there was none. Storage does not
    /// record whether that change was acknowledged, so an activation that loads the state soon afterwards invalidates
    /// again.
    /// </summary>
    [JsonPropertyName("ended_at")]
    public DateTimeOffset? LastInvalidatingChangeAt { get; init; }

    /// <summary>Members that a newer build has written. They survive a write by this build.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? UnknownMembers { get; init; }

    /// <summary>True when the holder has ended permanently, with all its secrets.</summary>
    [JsonIgnore]
    public virtual bool IsTerminated => false;

    /// <summary>Returns the instant that no deadline may exceed; null for no limit.</summary>
    public virtual DateTimeOffset? GetMaxDeadline() => null;

    /// <summary>Returns the instant from which a secret of this holder is invalid; null for never.</summary>
    public virtual DateTimeOffset? GetValidUntil(StoredSecret secret) => secret.ValidUntil;

    /// <summary>Returns the time of the next erasure; null when there is nothing to erase.</summary>
    public DateTimeOffset? GetNextErasureDue()
    {
        DateTimeOffset?[] due = [Secrets.GetNextDeadline(), IdempotencyRecords.GetNextExpiry()];
        return due.Min();
    }

    /// <summary>Returns the next instant at which a deadline or the expiry changes a verdict.</summary>
    public DateTimeOffset GetNextTransition(DateTimeOffset now) => Secrets.All()
        .Select(secret => secret.ValidUntil)
        .Append(GetMaxDeadline())
        .Where(end => end > now)
        .Min() ?? DateTimeOffset.MaxValue;

    /// <summary>Returns the verdict code of a secret of this holder.</summary>
    public abstract VerdictCode Evaluate(StoredSecret secret, DateTimeOffset now);

    /// <summary>Returns whether the holder is, or belongs to, a project.</summary>
    public abstract bool BelongsTo(ProjectId project);

    /// <summary>Returns the virtual key that verdicts show; null for a project.</summary>
    public abstract VirtualKey? GetVirtualKey(DateTimeOffset now);

    /// <summary>Returns the response to a change, as an idempotency record keeps it.</summary>
    public abstract JsonElement ToRecordedResponse(DateTimeOffset now);
}
