using System.Text.Json.Serialization;
using KeysCluster.Grains.Receipts;
using KeysCluster.Grains.Secrets;
using KeysCluster.Grains.Validation;

namespace KeysCluster.Grains.Owners;

/// <summary>
/// What virtual keys and projects have in common: secrets that are rotated, receipts, and a history. Names and meanings
/// are a storage contract: add, never change.
/// </summary>
/// <typeparam name="TView">What people see of the owner.</typeparam>
internal abstract record SecretOwner<TView> : IRevised
{
    public int SchemaVersion { get; init; } = 1;

    public required string Id { get; init; }

    public required string Name { get; init; }

    public required SecretSet Secrets { get; init; }

    public ReceiptBook<TView> Receipts { get; init; } = new();

    public required long Revision { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When any of its secrets was last used, those that are erased since included.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }

    public required Change Change { get; init; }

    /// <summary>
    /// When a change last ended something that others may hold to be good; null when none has. Whether they have been told is
    /// written nowhere, so who loads the state soon afterwards tells them.
    /// </summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The instant that no deadline may go past; null for none.</summary>
    public virtual DateTimeOffset? LatestDeadline() => null;

    /// <summary>Whether it has ended for good, with all its secrets, those that had ended before included.</summary>
    [JsonIgnore]
    public virtual bool IsOver => false;

    /// <summary>The instant from which one of its secrets no longer works; null for never.</summary>
    public virtual DateTimeOffset? EndOf(StoredSecret secret) => secret.ValidUntil;

    /// <summary>When something is next due to be erased; null when there is nothing.</summary>
    public DateTimeOffset? EarliestErasure()
    {
        DateTimeOffset?[] ends = [Secrets.EarliestDeadline(), Receipts.EarliestEnd()];
        return ends.Min();
    }

    public StoredSecret? FindSecret(string id) => Secrets.Find(id);

    public abstract TView View(DateTimeOffset now);
}
