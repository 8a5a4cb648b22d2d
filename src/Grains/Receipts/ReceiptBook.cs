using System.Collections.Immutable;
using System.Security.Cryptography;
using KeysCluster.Idempotency;

namespace KeysCluster.Grains.Receipts;

/// <summary>The receipts of one virtual key or project.</summary>
internal sealed record ReceiptBook<TView>
{
    public ImmutableArray<Receipt<TView>> Receipts { get; init; } = [];

    /// <summary>When the next receipt is due to be erased; null when there is none.</summary>
    public DateTimeOffset? EarliestEnd() => Receipts.IsEmpty ? null : Receipts.Min(receipt => receipt.EndsAt);

    public Receipt<TView>? Find(ReadOnlySpan<byte> keyHash, DateTimeOffset now)
    {
        foreach (var receipt in Receipts)
            if (!receipt.HasEnded(now) && CryptographicOperations.FixedTimeEquals(receipt.KeyHash, keyHash)) return receipt;
        return null;
    }

    /// <summary>Whether another receipt may be kept; dropping one early would break what it promises.</summary>
    public bool HasRoom(DateTimeOffset now) =>
        Receipts.Count(receipt => !receipt.HasEnded(now)) < IdempotentRequest.MaxReceipts;

    public ReceiptBook<TView> Add(Receipt<TView> receipt, DateTimeOffset now) =>
        new() { Receipts = WithoutEnded(now).Receipts.Add(receipt) };

    /// <summary>Drops receipts that have ended; the same book when there are none.</summary>
    public ReceiptBook<TView> WithoutEnded(DateTimeOffset now) => Receipts.Any(receipt => receipt.HasEnded(now))
        ? new() { Receipts = Receipts.RemoveAll(receipt => receipt.HasEnded(now)) }
        : this;
}
