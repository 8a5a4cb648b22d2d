using KeysCluster.Client;

namespace KeysCluster.WebConsole.Components.Shared;

/// <summary>When a secret was replaced by another one.</summary>
internal static class SecretReplacement
{
    private const int PrefixLength = 7;

    /// <summary>
    /// Returns when a secret was replaced: when the next one was created. Ids contain their time of creation.
    /// </summary>
    /// <param name="secret">The replaced secret.</param>
    /// <param name="retiring">All replaced secrets of the key.</param>
    /// <param name="currentId">The id of the current secret.</param>
    public static DateTimeOffset FindTime(
        RetiringSecret secret, IEnumerable<RetiringSecret> retiring, string currentId) =>
        retiring.Select(other => other.Id).Append(currentId)
            .Where(id => string.CompareOrdinal(id, secret.Id) > 0)
            .Select(FindCreationTime)
            .DefaultIfEmpty(DateTimeOffset.MaxValue)
            .Min();

    private static DateTimeOffset FindCreationTime(string id) =>
        id.Length > PrefixLength && Ulid.TryParse(id.AsSpan(PrefixLength), out var ulid)
            ? ulid.Time
            : DateTimeOffset.MaxValue;
}
