using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using KeysCluster.Grains.Secrets;
using KeysCluster.Idempotency;

namespace KeysCluster.Grains.Idempotency;

/// <summary>The idempotency records of a virtual key or project.</summary>
internal sealed record IdempotencyRecords
{
    /// <summary>For messages about the pepper of a record without an id.</summary>
    private const string UnnamedPepper = "Keys:Pepper";

    [JsonPropertyName("receipts")]
    public ImmutableArray<IdempotencyRecord> Records { get; init; } = [];

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? UnknownMembers { get; init; }

    /// <summary>Returns the time at which the next record is due to be erased; null when there is none.</summary>
    public DateTimeOffset? GetNextExpiry() => Records.IsEmpty ? null : Records.Min(record => record.ExpiresAt);

    /// <summary>Finds the record of an idempotency key.</summary>
    /// <param name="keyDigest">The digest of the key.</param>
    /// <param name="peppers">The peppers of this silo.</param>
    /// <param name="now">The time.</param>
    /// <param name="missingPepperId">
    /// The id of a missing pepper, if none was found and a record under that pepper may be the one; null otherwise.
    /// </param>
    public IdempotencyRecord? Find(
        Sha256Digest keyDigest, PepperSet peppers, DateTimeOffset now, out string? missingPepperId)
    {
        missingPepperId = null;
        foreach (var record in Records)
        {
            if (record.HasExpired(now)) continue;
            if (peppers.Find(record.PepperId) is not { } pepper)
            {
                missingPepperId = record.PepperId ?? UnnamedPepper;
                continue;
            }

            if (CryptographicOperations.FixedTimeEquals(record.KeyHash, pepper.HashIdempotencyKey(keyDigest)))
            {
                missingPepperId = null;
                return record;
            }
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
