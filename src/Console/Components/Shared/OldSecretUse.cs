using KeysCluster.Client;

namespace KeysCluster.WebConsole.Components.Shared;

/// <summary>A replaced secret of a key.</summary>
/// <param name="Key">The key.</param>
/// <param name="Secret">The secret.</param>
public sealed record OldSecretUse(VirtualKey Key, RetiringSecret Secret)
{
    private const int PrefixLength = 7;

    /// <summary>Whether the secret was used after another one had replaced it.</summary>
    internal bool IsUsedAfterRotation => Secret.LastUsedAt is { } usedAt && usedAt > ReplacedAt;

    /// <summary>
    /// The next secret of the key was created when it replaced this one. Ids contain their time of creation.
    /// </summary>
    private DateTimeOffset ReplacedAt => Key.RetiringSecrets.Select(secret => secret.Id).Append(Key.SecretId)
        .Where(id => string.CompareOrdinal(id, Secret.Id) > 0)
        .Select(GetCreatedAt)
        .DefaultIfEmpty(DateTimeOffset.MaxValue)
        .Min();

    private static DateTimeOffset GetCreatedAt(string id) =>
        id.Length > PrefixLength && Ulid.TryParse(id.AsSpan(PrefixLength), out var ulid)
            ? ulid.Time
            : DateTimeOffset.MaxValue;
}
