using System.Collections.Immutable;
using KeysCluster.Secrets;

namespace KeysCluster.Grains.Secrets;

/// <summary>
/// The secrets of one key or project: the current one and those that it replaced, each with a deadline of its own.
/// Secrets past their deadline stay until they are erased, so that they can be told from unknown ones.
/// </summary>
internal sealed record SecretSet
{
    public required StoredSecret Current { get; init; }

    /// <summary>Latest replaced first.</summary>
    public ImmutableArray<StoredSecret> Replaced { get; init; } = [];

    /// <summary>When the next hash is due to be erased; null when there is none to erase.</summary>
    public DateTimeOffset? EarliestDeadline() => Replaced.Min(secret => secret.ValidUntil);

    /// <summary>
    /// Makes <paramref name="next"/> the current secret and retires the one before it; null when too many would be
    /// retiring, since ending one of them early would cut its clients off.
    /// </summary>
    public SecretSet? Rotate(StoredSecret next, TimeSpan grace, DateTimeOffset now)
    {
        var remaining = WithoutEnded(now);
        if (remaining.Replaced.Length >= GracePeriod.MaxRetiringSecrets) return null;
        return new SecretSet
        {
            Current = next,
            Replaced = remaining.Replaced.Insert(0, Current with { ValidUntil = now + grace }),
        };
    }

    /// <summary>Drops the hashes of secrets whose deadline has passed; the same set when there are none.</summary>
    public SecretSet WithoutEnded(DateTimeOffset now) =>
        Replaced.Any(secret => secret.HasEnded(now))
            ? this with { Replaced = Replaced.RemoveAll(secret => secret.HasEnded(now)) }
            : this;

    public StoredSecret? Find(ReadOnlySpan<byte> hash)
    {
        if (Current.HasHash(hash)) return Current;
        foreach (var secret in Replaced)
            if (secret.HasHash(hash)) return secret;
        return null;
    }

    public IReadOnlyList<RetiringSecret> Retiring(DateTimeOffset now) =>
        [.. from secret in Replaced
            where !secret.HasEnded(now)
            select new RetiringSecret(secret.DisplayPrefix, secret.ValidUntil!.Value)];
}
