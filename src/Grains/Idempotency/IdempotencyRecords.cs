using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using KeysCluster.Idempotency;

namespace KeysCluster.Grains.Idempotency;

/// <summary>The idempotency records of a virtual key or project.</summary>
internal sealed record IdempotencyRecords
{
    [JsonPropertyName("receipts")]
    public ImmutableArray<IdempotencyRecord> Records { get; init; } = [];

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? UnknownMembers { get; init; }

    /// <summary>Returns the time at which the next record is due to be erased; null when there is none.</summary>
    public DateTimeOffset? GetNextExpiry() => Records.IsEmpty ? null : Records.Min(record => record.ExpiresAt);

    public IdempotencyRecord? Find(ReadOnlySpan<byte> keyHash, DateTimeOffset now)
    {
        foreach (var record in Records)
        {
            if (!record.HasExpired(now) && CryptographicOperations.FixedTimeEquals(record.KeyHash, keyHash))
                return record;
        }

        return null;
    }

    /// <summary>
    /// Returns whether another record may be added. None is evicted early, because its request may still be repeated.
    /// </summary>
    public bool HasRoom(DateTimeOffset now) =>
        Records.Count(record => !record.HasExpired(now)) < IdempotentRequest.MaxRecords;

    public IdempotencyRecords Add(IdempotencyRecord record, DateTimeOffset now)
    {
        var remaining = WithoutExpired(now);
        return remaining with { Records = remaining.Records.Add(record) };
    }

    /// <summary>Removes expired records; returns the same instance when there are none.</summary>
    public IdempotencyRecords WithoutExpired(DateTimeOffset now) => Records.Any(record => record.HasExpired(now))
        ? this with { Records = Records.RemoveAll(record => record.HasExpired(now)) }
        : this;
}
